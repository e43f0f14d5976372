// The last hour of a topic as its chart takes it: counts by minute, and what is not known.
import type { Gap, TopicStatus } from '../../host'

const MINUTE = 60_000

/** Not heard, from one moment to another. */
export interface Hole {
  from: number
  to: number
  reason: string
}

export interface Hour {
  /** From when to when, in ms. */
  from: number
  to: number
  /** The beginnings of its minutes, in ms, and how many events each had; null is not known. */
  times: number[]
  counts: (number | null)[]
  holes: Hole[]
}

/** Those parts of gaps that lie between two moments. */
function cut(gaps: readonly Gap[], from: number, to: number): Hole[] {
  return gaps
    .map((gap) => ({ from: Math.max(gap.from, from), to: Math.min(gap.to ?? to, to), reason: gap.reason }))
    .filter((hole) => hole.to > hole.from)
}

/**
 * The full minutes of the last hour. The one under way would look like a fall and is left out; one that was not heard to
 * its end is not known, unless more came than nothing.
 */
export function hourOf(topic: TopicStatus, now: number): Hour {
  const to = Math.floor(now / MINUTE) * MINUTE
  const from = to - (topic.minutes.length - 1) * MINUTE
  const holes = cut(topic.gaps, from, now)
  const deaf = (begin: number): boolean => holes.some((hole) => hole.from < begin + MINUTE && hole.to > begin)
  const full = topic.minutes.slice(0, -1)
  return {
    from,
    to: now,
    times: full.map((_, i) => from + i * MINUTE),
    counts: full.map((count, i) => (count === 0 && deaf(from + i * MINUTE) ? null : count)),
    holes,
  }
}

/** What stands at a moment: a hole, a minute with its count, or nothing that is known. */
export function whatAt(hour: Hour, ms: number): { hole: Hole } | { minute: number; count: number } | null {
  const hole = hour.holes.find((one) => ms >= one.from && ms < one.to)
  if (hole) return { hole }
  const place = hour.times.findIndex((time) => ms >= time && ms < time + MINUTE)
  const count = hour.counts[place]
  return count === null || count === undefined ? null : { minute: hour.times[place]!, count }
}

/** The least and the most of what is known; null where nothing is. */
export function bounds(hour: Hour): [number, number] | null {
  const known = hour.counts.filter((count) => count !== null)
  return known.length ? [Math.min(...known), Math.max(...known)] : null
}
