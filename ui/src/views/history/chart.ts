// When alerts began, as it is drawn: a row a day for a few days, a column a day or a week for more.
import type { Gap, HistoryQuarter, Severity } from '../../host'
import { midnight } from './stretch'

const DAY = 86_400_000
/** So many days have a row each. */
const ROWS = 8
/** So many days have a column each; more are drawn week by week. */
const COLUMNS = 62

export const levels: readonly Severity[] = ['critical', 'warning', 'info']

/** A part of a row or of the whole, from 0 to 1. */
export interface Part {
  from: number
  to: number
  reason: string
}

export interface Mark {
  quarter: HistoryQuarter
  /** Its middle, from 0 at the row's beginning to 1. */
  at: number
  /** The worst that is kept; null: all hidden. */
  worst: Severity | null
}

export interface Span {
  start: number
  end: number
  kept: number
  hidden: number
  counts: Record<Severity, number>
}

export interface DayRow extends Span {
  marks: Mark[]
  /** What of the day is looked at, from 0 to 1. */
  from: number
  to: number
  deaf: Part[]
}

const kept = (one: HistoryQuarter): number => one.critical + one.warning + one.info
const worstOf = (one: HistoryQuarter): Severity | null => levels.find((level) => one[level] > 0) ?? null

/** Whether a stretch is short enough for a row a day. */
export const inRows = (from: number, to: number): boolean => dayCount(from, to) <= ROWS

const dayCount = (from: number, to: number): number => Math.round((midnight(to - 1, 1) - midnight(from)) / DAY)

function spanOf(start: number, end: number, quarters: readonly HistoryQuarter[]): Span {
  const counts = { critical: 0, warning: 0, info: 0 }
  let hidden = 0
  for (const one of quarters) {
    for (const level of levels) counts[level] += one[level]
    hidden += one.hidden
  }
  return { start, end, counts, hidden, kept: counts.critical + counts.warning + counts.info }
}

/** What was not heard between two moments, as parts of what is between them. */
export function parts(gaps: readonly Gap[], start: number, end: number, until: number): Part[] {
  const place = (ms: number): number => Math.min(1, Math.max(0, (ms - start) / (end - start)))
  return gaps
    .map((gap) => ({ from: place(gap.from), to: place(Math.min(gap.to ?? until, until)), reason: gap.reason }))
    .filter((part) => part.to > part.from)
}

/** A row a day, oldest first. Before `known` nobody knows whether anything was heard. */
export function rowsOf(quarters: readonly HistoryQuarter[], gaps: readonly Gap[], from: number, to: number, known: number): DayRow[] {
  const rows: DayRow[] = []
  for (let start = midnight(from); start < to; start = midnight(start, 1)) {
    const end = midnight(start, 1)
    const mine = quarters.filter((one) => one.from >= start && one.from < end)
    const place = (ms: number): number => Math.min(1, Math.max(0, (ms - start) / (end - start)))
    rows.push({
      ...spanOf(start, end, mine),
      marks: mine.map((quarter) => ({
        quarter,
        at: place(quarter.from + 7.5 * 60_000),
        worst: kept(quarter) ? worstOf(quarter) : null,
      })),
      from: place(Math.max(from, known)),
      to: place(to),
      deaf: parts(gaps, start, end, to),
    })
  }
  return rows
}

/** A column a day, or a week where there are many days; oldest first. */
export function columnsOf(quarters: readonly HistoryQuarter[], from: number, to: number): Span[] {
  const weekly = dayCount(from, to) > COLUMNS
  const first = midnight(from)
  // Weeks begin on Monday.
  let start = weekly ? midnight(first, -((new Date(first).getDay() + 6) % 7)) : first
  const columns: Span[] = []
  let at = 0
  while (start < to) {
    const end = midnight(start, weekly ? 7 : 1)
    const begin = at
    while (at < quarters.length && quarters[at]!.from < end) at++
    columns.push(spanOf(start, end, quarters.slice(begin, at)))
    start = end
  }
  return columns
}
