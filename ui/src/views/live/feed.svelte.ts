// What Live draws: a tail of events that follows, waits while paused, and counts what it does not show.
import { host, onPush, type EventRow, type HostError, type LiveBatch } from '../../host'
import { asHostError } from '../../host/error'
import { CAPACITY, Meter, Tail } from './buffer'

type Schedule = (draw: () => void) => () => void
const nextFrame: Schedule = (draw) => {
  const id = requestAnimationFrame(draw)
  return () => cancelAnimationFrame(id)
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

  constructor(capacity = CAPACITY, schedule: Schedule = nextFrame) {
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

  /** Takes in a batch; drawn with the next frame. */
  take(batch: LiveBatch): void {
    // What was sent under an old filter does not belong to the new.
    if (!this.ready) return
    this.#meter.add(batch.events.length + batch.not_drawn, Date.now())
    this.#notDrawn += batch.not_drawn
    if (this.paused === null) this.#tail.push(batch.events)
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

  pause(at: number): void {
    this.paused ??= at
  }

  /** Shows what waited, and goes on. */
  resume(): void {
    if (this.paused === null) return
    this.paused = null
    this.#tail.push(this.#waiting.drain())
    this.#waits = 0
    this.#draw()
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
