// What a press on the chart's legend writes into the filter.
import type { Severity } from '../../host'

const CLAUSE = /(?:^|\s+and\s+)severity\s*==?\s*(critical|warning|info)\b(?:\s+and\s+)?/

/** The severity that the filter asks for by itself, if it does. */
export const onlySeverity = (filter: string): Severity | null => (CLAUSE.exec(filter)?.[1] as Severity | undefined) ?? null

/** The filter with only this severity, or without asking for one where it did for this. */
export function withSeverity(filter: string, severity: Severity): string {
  const was = onlySeverity(filter)
  const rest = filter
    .replace(CLAUSE, (clause) => (/^\s+and/.test(clause) && /and\s+$/.test(clause) ? ' and ' : ''))
    .trim()
  if (was === severity) return rest
  const clause = `severity == ${severity}`
  // What has an `or` at its top would take the clause into one of its sides.
  if (!rest) return clause
  return /\bor\b|\|\|/.test(rest) ? `${clause} and (${rest})` : `${clause} and ${rest}`
}
