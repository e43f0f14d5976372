// The time that relative times are reckoned against: one tick a second for the whole window.

let ms = $state(Date.now())

/** Milliseconds since the epoch, ticking once a second. */
export const now = {
  get ms(): number {
    return ms
  },
}

/** Sets the time: for tests and for the played afternoon. */
export function setNow(value: number): void {
  ms = value
}

/** Starts the tick; the returned function stops it. `source` says what time it is. */
export function startClock(source: () => number = Date.now): () => void {
  ms = source()
  const timer = setInterval(() => (ms = source()), 1000)
  return () => clearInterval(timer)
}
