import type { Diagnostic } from '../host'
import { asHostError } from '../host/error'

/** Typing rests for so long before a filter is looked at, in milliseconds. */
const LOOK_AFTER = 180

/** A filter that is looked at as it is written; the last that holds goes on applying. */
export class TypedFilter {
  words = $state('')
  /** Why it is none, in a sentence; empty when it is one. */
  wrong = $state('')
  /** Nothing was typed since it was looked at. */
  checked = $state(true)

  readonly #find: (filter: string) => Promise<Diagnostic[]>
  readonly #take: (filter: string) => Promise<void>
  #timer: ReturnType<typeof setTimeout> | undefined
  #looks = 0

  /** `find` says what is wrong with a filter; `take` is given one that holds. */
  constructor(words: string, find: (filter: string) => Promise<Diagnostic[]>, take: (filter: string) => Promise<void>) {
    this.words = words
    this.#find = find
    this.#take = take
  }

  /** Something was typed. */
  typed(): void {
    this.checked = false
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.look(), LOOK_AFTER)
  }

  /** Other words, at once. */
  set(words: string): void {
    this.words = words
    void this.look()
  }

  /** Looks at it now. */
  async look(): Promise<void> {
    this.rest()
    const mine = ++this.#looks
    const filter = this.words.trim()
    try {
      const findings = await this.#find(filter)
      // An answer about an older text is no answer.
      if (mine !== this.#looks) return
      const error = findings.find((finding) => finding.severity === 'error')
      this.wrong = error ? [error.message, error.help].filter(Boolean).join(' ') : ''
      this.checked = true
      if (!error) await this.#take(filter)
    } catch (error) {
      if (mine !== this.#looks) return
      this.wrong = asHostError(error).sentence
      this.checked = true
    }
  }

  /** What was typed is not looked at any more. */
  rest(): void {
    clearTimeout(this.#timer)
  }
}
