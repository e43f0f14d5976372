// Short words at the bottom: what was done, with a way back, or what could not be done.
import { asHostError } from '../host/error'
import { en } from '../text/en'

export interface Toast {
  id: number
  kind: 'done' | 'failed'
  text: string
  /** What can be done about it, beside the text; whether that takes back what was done. */
  action?: { label: string; undoes?: boolean; run: () => void }
}

/** Undo is offered for so long, in ms. */
export const UNDO_FOR = 10_000
const SHORT = 5_000

let list = $state<Toast[]>([])
let next = 1
const timers = new Map<number, ReturnType<typeof setTimeout>>()

export const toasts = {
  get list(): readonly Toast[] {
    return list
  },
}

function show(toast: Omit<Toast, 'id'>, forMs: number | null): number {
  const id = next++
  // At most three: the oldest gives way.
  for (const old of list.slice(0, Math.max(0, list.length - 2))) dismiss(old.id)
  list = [...list, { ...toast, id }]
  if (forMs !== null) timers.set(id, setTimeout(() => dismiss(id), forMs))
  return id
}

/** Takes a toast away. */
export function dismiss(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  list = list.filter((toast) => toast.id !== id)
}

/** Says that something was done, with its undo if it has one. */
export function say(text: string, undo?: () => void): number {
  return undo
    ? show({ kind: 'done', text, action: { label: en.undo, undoes: true, run: undo } }, UNDO_FOR)
    : show({ kind: 'done', text }, SHORT)
}

/** Says that something was done, with what can be done next. */
export function sayWith(text: string, label: string, run: () => void): number {
  return show({ kind: 'done', text, action: { label, run } }, UNDO_FOR)
}

/** Says that something could not be done. Stays until taken away. */
export function sayFailed(error: unknown, retry?: () => void): number {
  const { sentence } = asHostError(error)
  return show({ kind: 'failed', text: sentence, ...(retry ? { action: { label: en.actions['window.retry'], run: retry } } : {}) }, null)
}

/** Runs the latest undo. False when there is none. */
export function undoLatest(): boolean {
  const toast = list.findLast((one) => one.action?.undoes)
  if (!toast) return false
  dismiss(toast.id)
  toast.action?.run()
  return true
}
