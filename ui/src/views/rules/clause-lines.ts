// What an explanation says of each line of the rule's text.
import type { ClauseExplained, Explanation, Told } from '../../host'
import { en } from '../../text/en'
import { visible } from '../../text/visible'

/** A line of the text and what its clauses gave. */
export interface ToldLine {
  /** From 1. */
  line: number
  /** What its clauses gave, each once; what asks for a look first. */
  told: Told[]
  /** The values, for the end of the line. */
  value: string
  /** Clause by clause, for the tooltip. */
  tip: string[]
}

const ORDER: readonly Told[] = ['cannot-tell', 'false', 'true', 'not-reached']
/** A value at the end of a line is no longer than that; the tooltip has it all. */
const MOST = 32

/** The lines on which clauses begin, from the top. A condition that was not asked says nothing beside one that was. */
export function toldLines(told: Explanation): ToldLine[] {
  const asked = told.conditions.filter((one) => one.told !== 'not-reached' || told.conditions.length === 1)
  const lines = new Map<number, ClauseExplained[]>()
  for (const clause of asked.flatMap((one) => one.clauses)) {
    lines.set(clause.span.line, [...(lines.get(clause.span.line) ?? []), clause])
  }
  return [...lines]
    .sort(([one], [other]) => one - other)
    .map(([line, clauses]) => ({
      line,
      told: ORDER.filter((each) => clauses.some((clause) => clause.told === each)),
      value: valueOf(clauses),
      tip: clauses.map(sentence),
    }))
}

function valueOf(clauses: readonly ClauseExplained[]): string {
  if (clauses.every((clause) => clause.told === 'not-reached')) return en.why.told['not-reached']
  const parts = clauses.filter((clause) => clause.told !== 'not-reached').flatMap((clause) =>
    clause.told === 'cannot-tell' ? [en.why.told['cannot-tell']] : clause.parts.map((part) => part.value),
  )
  const words = [...new Set(parts)].join(', ')
  const letters = Array.from(words)
  return visible(letters.length > MOST ? `${letters.slice(0, MOST - 1).join('')}…` : words)
}

function sentence(clause: ClauseExplained): string {
  const parts = clause.parts.map((part) => {
    const needed = part.needed ? ` (${en.why.needed(part.needed, part.window ?? '')})` : ''
    return `${part.text}: ${part.value}${needed}`
  })
  const what = `${clause.text.replace(/\s+/g, ' ')} ${en.why.told[clause.told]}`
  return [what, ...parts, clause.why].filter(Boolean).join('; ')
}
