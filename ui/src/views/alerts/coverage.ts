// The last 24 hours as a line: where it was heard, and where not.
import type { Gap, TopicStatus } from '../../host'

export const DAY = 24 * 3_600_000

/** A stretch that was not heard, in parts of the line (0 the left end, 1 now). */
export interface Hole {
  left: number
  width: number
  from: number
  to: number | null
  reason: string
  /** Whether to write beside it; not where a row above says it, or where it goes on. */
  label: boolean
}

/** The gaps of one topic, cut to the line. */
export function holes(gaps: readonly Gap[], now: number): Hole[] {
  const begin = now - DAY
  return gaps
    .filter((gap) => (gap.to ?? now) > begin && gap.from < now)
    .map((gap) => {
      const from = Math.max(gap.from, begin)
      const to = Math.min(gap.to ?? now, now)
      return {
        left: (from - begin) / DAY,
        width: (to - from) / DAY,
        from: gap.from,
        to: gap.to,
        reason: gap.reason,
        label: gap.to !== null,
      }
    })
}

/** Where the record of a topic begins, in parts of the line; 0 where it is older than the line. */
export function begun(topic: TopicStatus, now: number): number {
  return topic.begun === null ? 0 : Math.min(1, Math.max(0, (topic.begun - now + DAY) / DAY))
}

/** Two gaps that began and ended within this count as one, in ms: topics rarely fall silent in the same instant. */
const SAME = 90_000

const same = (a: Hole, b: Hole): boolean =>
  a.reason === b.reason && Math.abs(a.from - b.from) < SAME && Math.abs((a.to ?? Infinity) - (b.to ?? Infinity)) < SAME

/** The rows of the strip: one label per gap, on the topmost row it touches. */
export function rowsOf(topics: readonly TopicStatus[], now: number): { topic: TopicStatus; holes: Hole[]; begun: number }[] {
  const told: Hole[] = []
  return topics.map((topic) => {
    const mine = holes(topic.gaps, now).map((hole) => {
      const label = hole.label && !told.some((other) => same(other, hole))
      if (label) told.push(hole)
      return { ...hole, label }
    })
    return { topic, holes: mine, begun: begun(topic, now) }
  })
}

/** Where the label of a gap stands: in it, right or left of it; null where there is no room. */
export type Side = 'inside' | 'right' | 'left' | null

/** No gap is drawn narrower than this, in text-size units. */
const NARROWEST = 9

/**
 * Places the labels of a line that is `width` text-size units wide, of which each takes as much as `takes` says, so that
 * none stands on a gap that is not its own or on another label. Where two want the same room, the later gap has it: it is
 * the one that is looked for.
 */
export function placed(gaps: readonly Hole[], width: number, takes: (hole: Hole) => number): Side[] {
  const sides: Side[] = gaps.map(() => null)
  let free = width
  for (let i = gaps.length - 1; i >= 0; i--) {
    const hole = gaps[i]
    if (!hole) continue
    const left = hole.left * width
    const right = left + Math.max(NARROWEST, hole.width * width)
    const before = gaps[i - 1]
    const room = left - (before ? before.left * width + Math.max(NARROWEST, before.width * width) : 0)
    const needs = hole.label ? takes(hole) : Infinity
    if (right - left >= needs + 16) sides[i] = 'inside'
    else if (free - right >= needs) sides[i] = 'right'
    else if (room >= needs) sides[i] = 'left'
    free = sides[i] === 'left' ? left - needs : left
  }
  return sides
}

/** All rows as one line: what any topic missed. */
export function merged(topics: readonly TopicStatus[], now: number): Hole[] {
  const all = topics.flatMap((topic) => holes(topic.gaps, now)).sort((a, b) => a.left - b.left)
  const joined: Hole[] = []
  for (const hole of all) {
    const last = joined[joined.length - 1]
    if (last && hole.left <= last.left + last.width) {
      last.width = Math.max(last.width, hole.left + hole.width - last.left)
      last.to = last.to === null || hole.to === null ? null : Math.max(last.to, hole.to)
    } else joined.push({ ...hole, label: false })
  }
  return joined
}

/** The hours under the line: every third by the wall clock, midnight with its day. */
export function hours(now: number, every = 3): { at: number; text: string }[] {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  const found = []
  const d = new Date(now - DAY)
  d.setMinutes(0, 0, 0)
  for (let i = 0; i < 26; i++) {
    d.setHours(d.getHours() + 1)
    const at = (d.getTime() - (now - DAY)) / DAY
    if (at >= 1) break
    if (d.getHours() % every !== 0) continue
    const hour = String(d.getHours()).padStart(2, '0')
    found.push({ at, text: d.getHours() === 0 ? `${days[d.getDay()]} 00` : hour })
  }
  return found
}
