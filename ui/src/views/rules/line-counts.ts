// What stands at the ends of a rule's lines: how many events of the past each lets through, how its cases met it, or what
// it gave for one event.
import type { ClauseReached, ClauseThrough, Explanation, LetThrough, LineThrough, Told } from '../../host'
import { en } from '../../text/en'
import { count } from '../../text/number'
import { moment } from '../../text/time'
import { visible } from '../../text/visible'
import { toldLines } from './clause-lines'
import type { Stretch } from './past.svelte'

/** A line of the text and what stands at its end. */
export interface LineCount {
  /** From 1. */
  line: number
  cells: readonly { text: string; never?: boolean; told?: Told }[]
  /** It heads the numbers below; else it is one. */
  head?: boolean
  /** There are events of which it could not tell. */
  unknown?: boolean
  /** For the tooltip, and for those who hear the window. */
  tip: readonly string[]
}

/** Numbers, and the text that they are of. */
export interface Counted {
  of: string
  label: string
  lines: readonly LineCount[]
}

const short = (text: string): string => visible(text.replace(/\s+/g, ' '))

/** The line on which something stands in the text, from 1; none on which a number stands. */
function headAt(text: string, what: RegExp, taken: readonly { line: number }[]): number | null {
  const line = text.split('\n').findIndex((one) => what.test(one)) + 1
  return line > 0 && !taken.some((one) => one.line === line) ? line : null
}

/** How many events of the past each line lets through. */
export function throughLines(told: LetThrough, text: string, stretch: Stretch, now: number): LineCount[] {
  if (told.events === 0) return []
  const of = ofWhich(told, now)
  const lines = told.lines.map((line) => lineOf(line, told.clauses.filter((clause) => clause.span.line === line.line), of))
  const head = (what: RegExp, words: string): LineCount[] => {
    const line = headAt(text, what, told.lines)
    return line === null ? [] : [{ line, head: true, cells: [{ text: words }], tip: [of] }]
  }
  const through = told.cut
    ? en.counts.headUntil(moment(told.to, now))
    : told.asked < told.events
      ? en.counts.headNewest(told.asked)
      : en.counts.heads[stretch]
  return [
    ...head(/^\s*const\s+ON\b/, en.counts.events(told.events)),
    ...(told.clauses.some((clause) => clause.function === 'resolved') ? head(/^\s*fn\s+resolved\b/, en.counts.resolves) : []),
    ...head(/^\s*fn\s+when\b/, through),
    ...lines,
  ].sort((one, other) => one.line - other.line)
}

/** Which events were counted, in words. */
function ofWhich(told: LetThrough, now: number): string {
  if (told.cut) return en.counts.until(told.asked, told.events, moment(told.from, now), moment(told.to, now))
  return told.asked < told.events
    ? en.counts.newest(told.asked, told.events, moment(told.from, now))
    : en.counts.all(told.events)
}

function lineOf(line: LineThrough, clauses: readonly ClauseThrough[], of: string): LineCount {
  const each = clauses.map((one) => en.counts.clause(short(one.text), one.holds, one.fails, one.cannot_tell))
  const reached = line.through + line.stopped + line.cannot_tell
  const together = clauses.length > 1 && !line.parts ? [en.counts.through(line.through, reached)] : []
  return {
    line: line.line,
    cells: [{ text: line.parts ? en.counts.parts(line.through) : count(line.through) }],
    unknown: line.cannot_tell > 0,
    tip: [...each, ...together, of],
  }
}

/** How often the cases made the clauses of each line true and false; of several, the one that lacks something speaks. */
export function reachLines(reached: readonly ClauseReached[], text: string): LineCount[] {
  const byLine = new Map<number, ClauseReached[]>()
  for (const clause of reached) byLine.set(clause.span.line, [...(byLine.get(clause.span.line) ?? []), clause])
  const lines = [...byLine].map(([line, clauses]): LineCount => {
    const said = clauses.find((clause) => clause.missing) ?? clauses.at(-1)
    const cell = (n: number) =>
      n === 0 && said?.missing ? { text: en.cases.never, never: true } : { text: count(n) }
    return {
      line,
      cells: [cell(said?.holds ?? 0), cell(said?.fails ?? 0)],
      tip: clauses.map((one) => en.counts.case(short(one.clause), one.holds, one.fails, one.cannot_tell)),
    }
  })
  const when = headAt(text, /^\s*fn\s+when\b/, lines)
  const head: LineCount[] =
    when === null || lines.length === 0
      ? []
      : [{ line: when, head: true, cells: [{ text: en.cases.true }, { text: en.cases.false }], tip: [en.counts.ofCases] }]
  return [...head, ...lines].sort((one, other) => one.line - other.line)
}

/** What each line gave for the event that is explained; its time stands above. */
export function valueLines(told: Explanation, text: string, at: string): LineCount[] {
  const lines = toldLines(told)
    .filter((line) => line.value)
    .map((line): LineCount => ({ line: line.line, cells: [{ text: line.value, told: line.told[0] ?? 'not-reached' }], tip: line.tip }))
  const when = headAt(text, /^\s*fn\s+when\b/, lines)
  const head: LineCount[] = when === null || lines.length === 0 ? [] : [{ line: when, head: true, cells: [{ text: en.counts.at(at) }], tip: [en.counts.ofEvent(at)] }]
  return [...head, ...lines].sort((one, other) => one.line - other.line)
}

/** What the past has of a clause that the cases do not show one way. */
export interface Offer {
  clause: ClauseReached
  way: 'true' | 'false'
  words: string
  /** The event to make a case of, if one alone shows it. */
  event: string | null
}

/** So many are offered at once. */
const OFFERS = 3

/** What is missing in the cases, with what history has of it. */
export function offersOf(reached: readonly ClauseReached[], told: LetThrough): Offer[] {
  return reached
    .filter((clause) => clause.missing)
    .flatMap((clause): Offer[] => {
      const past = told.clauses.find(({ span }) => span.line === clause.span.line && span.column === clause.span.column)
      const way = clause.holds === 0 ? 'true' : 'false'
      if (!past) return []
      const many = way === 'true' ? past.holds : past.fails
      const event = way === 'true' ? past.held_by : past.failed_by
      const words =
        many === 0
          ? en.counts.historyNone(past.holds + past.fails)
          : past.remembers
            ? en.counts.historyMore(many)
            : en.counts.history(many)
      return [{ clause, way, words, event: past.remembers ? null : event }]
    })
    .slice(0, OFFERS)
}
