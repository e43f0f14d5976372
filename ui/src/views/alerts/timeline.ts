// What happened to an alert, told so that each pop-up stands with its reason.
import type { AlertRow, TimelineEntry } from '../../host'
import { en } from '../../text/en'

/** A line of the timeline. */
export interface Moment {
  time: number
  /** Chooses its sign. */
  sign: 'sent' | 'withheld' | 'fired' | 'pending' | 'acknowledged' | 'snoozed' | 'closed' | 'resolved' | 'useful' | 'noise' | 'other'
  title: string
  reason: string
  /** The event that brought it, if one did. */
  event: string | null
  /** Whether a pop-up was seen: drawn as the darkest. */
  loud: boolean
}

const causes = new Set(['fired', 'reminded', 'repeated'])
const outcomes = new Set(['notified', 'suppressed', 'failed', 'withdrawn'])
/** A cause and its pop-up are one act, though two moments may be stamped on it, in ms. */
const TOGETHER = 2_000

const signs: Record<string, Moment['sign']> = {
  pending: 'pending',
  fired: 'fired',
  notified: 'sent',
  suppressed: 'withheld',
  reminded: 'withheld',
  repeated: 'other',
  acknowledged: 'acknowledged',
  unacknowledged: 'other',
  snoozed: 'snoozed',
  unsnoozed: 'other',
  dismissed: 'closed',
  'marked-useful': 'useful',
  'marked-noise': 'noise',
  resolved: 'resolved',
  dropped: 'resolved',
  owed: 'other',
  withdrawn: 'withheld',
  failed: 'withheld',
}

/** As the beginning of a sentence. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const reasons = (...parts: string[]): string =>
  [...new Set(parts.filter(Boolean).map((part) => sentence(part.replace(/\.$/, ''))))].join('. ')

/** The lines of a timeline, newest first: a cause and what became of its pop-up are one, repetitions are counted. */
export function moments(entries: readonly TimelineEntry[]): Moment[] {
  const told: Moment[] = []
  const used = new Set<number>()
  for (const [i, entry] of entries.entries()) {
    if (used.has(i)) continue
    let { change, reason, event } = entry
    let title = en.alerts.changes[change] ?? change
    let sign = signs[change] ?? 'other'
    let loud = change === 'notified'

    // Newest first, but equal moments may come in either order.
    if (causes.has(change) || outcomes.has(change)) {
      const wanted = causes.has(change) ? outcomes : causes
      const j = entries.findIndex(
        (other, at) =>
          at > i && !used.has(at) && wanted.has(other.change) && Math.abs(other.time - entry.time) < TOGETHER,
      )
      const other = entries[j]
      if (other) {
        used.add(j)
        const cause = causes.has(change) ? entry : other
        const outcome = causes.has(change) ? other : entry
        title = en.alerts.joined[cause.change]?.[outcome.change] ?? title
        sign = cause.change === 'fired' ? 'fired' : outcome.change === 'notified' ? 'sent' : 'withheld'
        loud = outcome.change === 'notified'
        reason = reasons(cause.reason, outcome.reason)
        event = cause.event ?? outcome.event
      }
    }
    told.push({ time: entry.time, sign, title, reason: reasons(reason), event, loud })
  }
  return counted(told)
}

/**
 * The matches that were counted on the alert and have no lines of their own, as one; undefined when there are none. The
 * engine keeps only how many there were and when the last came.
 */
export function counting(row: AlertRow): Moment | undefined {
  if (row.matches < 2) return undefined
  return {
    time: row.last,
    sign: 'withheld',
    title: en.alerts.counted(row.matches),
    reason: row.fired === null ? en.alerts.countedHeld : en.alerts.countedWhy,
    event: null,
    loud: false,
  }
}

/** Runs of the same line with the same reason become one with its count. */
function counted(told: readonly Moment[]): Moment[] {
  const short: (Moment & { times: number })[] = []
  for (const one of told) {
    const last = short[short.length - 1]
    if (last && last.title === one.title && last.reason === one.reason && !one.loud) last.times++
    else short.push({ ...one, times: 1 })
  }
  return short.map(({ times, ...one }) => (times > 1 ? { ...one, title: `${one.title}, ${times} times` } : one))
}
