// What Live draws: a tail of events that follows, waits while paused, and counts what it does not show.
import { host, onPush, type EventRow, type HostError, type LiveBatch } from '../../host'
import { asHostError } from '../../host/error'
import { CAPACITY, Meter, Tail } from './buffer'

/** So many are fetched from the log at once. */
const FETCH = 300

type Schedule = (draw: () => void) => () => void

/** Drawing takes at most one part in so many of the time. */
const SHARE = 4
/** But it is drawn at least this often, in ms. */
const SLOWEST = 1000

/** Draws with the next frame, and then leaves the window to others for a while that grows with what drawing takes. */
function atEase(): Schedule {
  let notBefore = 0
  return (draw) => {
    let frame = 0
    const timer = setTimeout(
      () => {
        frame = requestAnimationFrame((begun) => {
          draw()
          // The next frame comes when this one is drawn.
          requestAnimationFrame((done) => (notBefore = done + Math.min(SLOWEST, (done - begun - 17) * (SHARE - 1))))
        })
      },
      Math.max(0, notBefore - performance.now()),
    )
    return () => {
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    }
  }
}

/** One stay in Live. */
export class Feed {
  readonly #tail: Tail
  readonly #waiting: Tail
  readonly #meter = new Meter(300, Date.now())
  readonly #schedule: Schedule
  #cancel: (() => void) | null = null
  #asked = 0
  #stop: (() => void) | null = null
  #notDrawn = 0
  #waits = 0
  #held = false
  #filling = false
  /** How many events before this one were not sent, by its id. */
  #leftOut = new Map<string, number>()

  /** Goes up with each drawing; what reads the tail reads this too. */
  drawn = $state(0)
  count = $state(0)
  first = $state(0)
  paused = $state<number | null>(null)
  waits = $state(0)
  notDrawn = $state(0)
  /** The filter that applies. */
  filter = $state('')
  ready = $state(false)
  failed = $state<HostError | null>(null)

  constructor(capacity = CAPACITY, schedule: Schedule = atEase()) {
    this.#tail = new Tail(capacity)
    this.#waiting = new Tail(capacity)
    this.#schedule = schedule
  }

  /** Begins to hear; the returned function ends it. */
  open(): () => void {
    this.#stop = onPush('live', (push) => this.take(push.value))
    return () => {
      this.#stop?.()
      this.#cancel?.()
      this.#cancel = null
      host.unfollow().catch(() => undefined) // The engine forgets a window that is gone by itself.
    }
  }

  /** Follows what passes the filter from now on; what is there is replaced by the latest that passes. */
  async follow(filter: string): Promise<void> {
    const mine = ++this.#asked
    this.ready = false
    try {
      const batch = await host.follow(filter)
      if (mine !== this.#asked) return
      this.#tail.drain()
      this.#waiting.drain()
      this.#waits = 0
      this.#leftOut.clear()
      this.filter = filter
      this.failed = null
      this.#tail.push(batch.events)
      this.ready = true
      this.#draw()
    } catch (error) {
      if (mine !== this.#asked) return
      this.failed = asHostError(error)
      this.ready = true
    }
  }

  /** Takes in a batch; drawn soon. */
  take(batch: LiveBatch): void {
    // What was sent under an old filter does not belong to the new.
    if (!this.ready) return
    this.#meter.add(batch.events.length + batch.not_drawn, Date.now())
    this.#notDrawn += batch.not_drawn
    const next = batch.events[0]
    if (next && batch.not_drawn > 0) this.#leaveOut(next.id, batch.not_drawn)
    if (this.paused === null && !this.#held) this.#tail.push(batch.events)
    else {
      this.#waits += batch.events.length
      this.#notDrawn += this.#waiting.push(batch.events)
    }
    this.#cancel ??= this.#schedule(() => {
      this.#cancel = null
      this.#draw()
    })
  }

  #draw(): void {
    this.count = this.#tail.length
    this.first = this.#tail.dropped
    this.waits = this.#waits
    this.notDrawn = this.#notDrawn
    this.drawn++
  }

  #leaveOut(id: string, events: number): void {
    this.#leftOut.set(id, events)
    // The oldest are of events that are no longer here.
    for (const old of this.#leftOut.keys()) {
      if (this.#leftOut.size <= this.#tail.capacity) break
      this.#leftOut.delete(old)
    }
  }

  pause(at: number): void {
    this.paused ??= at
  }

  /** Shows what waited, and goes on. */
  resume(): void {
    if (this.paused === null) return
    this.paused = null
    this.#release()
  }

  /** While the reader is elsewhere in the list, what comes waits, so that the list stays as it is. */
  hold(held: boolean): void {
    if (this.#held === held) return
    this.#held = held
    this.#release()
  }

  #release(): void {
    if (this.#held || this.paused !== null) return
    this.#tail.push(this.#waiting.drain())
    this.#waits = 0
    this.#draw()
  }

  /** How many events before this one are not drawn. */
  leftOutBefore(id: string): number {
    return this.#leftOut.get(id) ?? 0
  }

  /** Fetches from the log what was not drawn before the last row of this range that something was left out before. */
  async fill(from: number, to: number): Promise<void> {
    if (this.#filling) return
    let index = to - 1
    while (index >= from && !this.leftOutBefore(this.at(index)?.id ?? '')) index--
    const row = this.at(index)
    if (!row || index < from) return
    const missing = this.leftOutBefore(row.id)
    const mine = this.#asked
    this.#filling = true
    try {
      const found = await host.events([], this.filter, row.id, Math.min(missing, FETCH))
      const at = this.find(row.id)
      if (mine !== this.#asked || at < 0) return
      this.#leftOut.delete(row.id)
      // The log may have let go of some.
      const oldest = found.at(-1)
      if (oldest && missing > found.length) this.#leaveOut(oldest.id, missing - found.length)
      this.#tail.insert(at, found.toReversed())
      this.#notDrawn -= found.length
      this.#draw()
    } catch {
      // It stays not drawn, and says so.
    } finally {
      this.#filling = false
    }
  }

  at(index: number): EventRow | undefined {
    return this.#tail.at(index)
  }
  find(id: string): number {
    return this.#tail.find(id)
  }
  rate(now: number, over = 10): number | null {
    return this.#meter.rate(now, over)
  }
  bins(now: number, bins: number): (number | null)[] {
    return this.#meter.bins(now, bins)
  }
}
