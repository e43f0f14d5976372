// The past as it is drawn: a row a day, each fire at its hour.
import type { BacktestEnd, BacktestFire } from '../../host'

export type Sort = 'both' | 'gained' | 'lost'

export interface Dot {
  fire: BacktestFire
  sort: Sort
  /** From 0 at midnight to 1 at the next. */
  at: number
}

/** What was not heard of a day. */
export interface Deaf {
  from: number
  to: number
  reason: string
}

export interface Day {
  /** Its midnight, in milliseconds. */
  start: number
  /** What of it was played, from 0 to 1. */
  from: number
  to: number
  /** Stretches that were not heard, from 0 to 1. */
  deaf: Deaf[]
  dots: Dot[]
  /** Pop-ups with the text as it is typed, and with the saved one. */
  now: number
  saved: number
}

const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0)
/** The next midnight; days with a change of the clock are longer or shorter. */
const after = (day: number): number => {
  const next = new Date(day)
  next.setDate(next.getDate() + 1)
  return next.getTime()
}
const id = (fire: BacktestFire): string => `${fire.time} ${fire.key}`

/** So many days are drawn at most, the last. */
const MOST = 31

/** The days that were played, oldest first. */
export function daysOf(end: BacktestEnd): Day[] {
  const gained = new Set(end.gained.map(id))
  const days: Day[] = []
  for (let start = midnight(end.from); start <= end.to; start = after(start)) {
    const span = after(start) - start
    const place = (ms: number): number => Math.min(1, Math.max(0, (ms - start) / span))
    const deaf = end.deaf
      .map((gap) => ({ from: place(Math.max(gap.from, end.from)), to: place(Math.min(gap.to ?? end.to, end.to)), reason: gap.reason }))
      .filter((gap) => gap.to > gap.from)
    days.push({ start, from: place(end.from), to: place(end.to), deaf, dots: [], now: 0, saved: 0 })
    if (days.length > MOST) days.shift()
  }
  const dayOf = (ms: number): Day | undefined => days.findLast((day) => day.start <= ms)
  const put = (fire: BacktestFire, sort: Sort): void => {
    const day = dayOf(fire.time)
    if (day) day.dots.push({ fire, sort, at: (fire.time - day.start) / (after(day.start) - day.start) })
  }
  for (const fire of end.now.fires) {
    put(fire, end.saved && gained.has(id(fire)) ? 'gained' : 'both')
    const day = dayOf(fire.time)
    if (day) day.now += fire.popups
  }
  for (const fire of end.lost) put(fire, 'lost')
  for (const fire of end.saved?.fires ?? []) {
    const day = dayOf(fire.time)
    if (day) day.saved += fire.popups
  }
  return days
}

/** What is different, newest first. */
export function changesOf(end: BacktestEnd): { fire: BacktestFire; sort: Sort }[] {
  const gained = end.gained.map((fire) => ({ fire, sort: 'gained' as const }))
  const lost = end.lost.map((fire) => ({ fire, sort: 'lost' as const }))
  return [...gained, ...lost].sort((a, b) => b.fire.time - a.fire.time)
}
