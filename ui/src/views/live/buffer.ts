// The events that Live holds: the latest so many, taken in as they come and drawn once a frame.
import type { EventRow } from '../../host'

/** So many events are held at most; older ones are still in the log. */
export const CAPACITY = 5_000

/** The latest events, oldest first. Dropping from its beginning costs nothing until half of it is waste. */
export class Tail {
  #rows: EventRow[] = []
  #begin = 0
  /** How many were dropped from the beginning since it was cleared: the number of the first there is. */
  dropped = 0

  constructor(readonly capacity = CAPACITY) {}

  get length(): number {
    return this.#rows.length - this.#begin
  }

  at(index: number): EventRow | undefined {
    return index < 0 ? undefined : this.#rows[this.#begin + index]
  }

  /** Takes events in; answers how many it had to drop for them. */
  push(events: readonly EventRow[]): number {
    // Of more than there is room for only the last can stay.
    const kept = events.length > this.capacity ? events.slice(-this.capacity) : events
    for (const event of kept) this.#rows.push(event)
    const skipped = events.length - kept.length
    const over = Math.max(0, this.length - this.capacity)
    this.#begin += over
    this.dropped += over + skipped
    if (this.#begin > this.capacity) {
      this.#rows = this.#rows.slice(this.#begin)
      this.#begin = 0
    }
    return over + skipped
  }

  /** Puts events in before the one at `index`. Those before them move back by so many; none is dropped until more comes. */
  insert(index: number, events: readonly EventRow[]): void {
    this.#rows.splice(this.#begin + index, 0, ...events)
    this.dropped -= events.length
  }

  /** Where an event is; -1 when it is not here. */
  find(id: string): number {
    for (let i = this.#rows.length - 1; i >= this.#begin; i--) if (this.#rows[i]?.id === id) return i - this.#begin
    return -1
  }

  /** All of it, oldest first, and empties it. */
  drain(): EventRow[] {
    const rows = this.#rows.slice(this.#begin)
    this.#rows = []
    this.#begin = 0
    this.dropped = 0
    return rows
  }
}

/** Counts arrivals in steps of a second, to tell a rate. */
export class Meter {
  readonly #steps = new Map<number, number>()

  /** Remembers `seconds`; nothing is known of the time before `since` (ms). */
  constructor(
    readonly seconds = 300,
    readonly since = 0,
  ) {}

  add(events: number, at: number): void {
    if (!events) return
    const second = Math.floor(at / 1000)
    this.#steps.set(second, (this.#steps.get(second) ?? 0) + events)
    const oldest = second - this.seconds
    for (const step of this.#steps.keys()) {
      if (step >= oldest) break
      this.#steps.delete(step)
    }
  }

  /** Events a second over the last `over` full seconds, or as many as are known; null when none is. */
  rate(at: number, over: number): number | null {
    const now = Math.floor(at / 1000)
    const known = Math.min(over, now - Math.ceil(this.since / 1000))
    let sum = 0
    for (let second = now - known; second < now; second++) sum += this.#steps.get(second) ?? 0
    return known > 0 ? sum / known : null
  }

  /** Sums of `bins` equal stretches of the whole span, oldest first; null for those of which nothing is known. */
  bins(at: number, bins: number): (number | null)[] {
    const now = Math.floor(at / 1000)
    const size = this.seconds / bins
    const sums = Array.from({ length: bins }, (_, i) => (now - (bins - 1 - i) * size < this.since / 1000 ? null : 0) as number | null)
    for (const [second, events] of this.#steps) {
      const bin = bins - 1 - Math.floor((now - 1 - second) / size)
      if (bin >= 0 && bin < bins) sums[bin] = (sums[bin] ?? 0) + events
    }
    return sums
  }
}
