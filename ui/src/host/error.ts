import type { ApiError } from './bindings/ApiError'

/** A request that could not be carried out: what happened (`message`) and what to do (`help`, may be empty). */
export class HostError extends Error {
  readonly code: string
  readonly help: string

  constructor(code: string, message: string, help = '') {
    super(message)
    this.name = 'HostError'
    this.code = code
    this.help = help
  }

  /** Message and help as one text. */
  get sentence(): string {
    return this.help ? `${this.message} ${this.help}` : this.message
  }
}

const isApiError = (error: unknown): error is ApiError =>
  typeof error === 'object' && error !== null && 'code' in error && 'message' in error

/** Whatever was thrown, as a [`HostError`]. */
export function asHostError(error: unknown): HostError {
  if (error instanceof HostError) return error
  if (isApiError(error)) return new HostError(error.code, error.message, error.help ?? '')
  const message = error instanceof Error ? error.message : String(error)
  return new HostError('unknown', message)
}
