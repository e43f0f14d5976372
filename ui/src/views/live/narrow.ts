// A filter made narrower by a field of the event that is open.
import type { FieldRow } from '../../host'

/** Whether a filter can speak of this value: it is there, and neither a list nor a map. */
export const canNarrow = (field: FieldRow): boolean => !field.absent && /^["\w-]/.test(field.value)

/** Text as a filter writes it: `\` takes the next character as it is, whatever that is. */
function literal(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    return `"${(JSON.parse(value) as string).replace(/["\\]/g, '\\$&')}"`
  } catch {
    return value
  }
}

/** `field == value` (or `!=`), added to what the filter already says. */
export function narrowed(filter: string, field: FieldRow, keep: boolean): string {
  const clause = `${field.name} ${keep ? '==' : '!='} ${literal(field.value)}`
  const before = filter.trim()
  if (!before) return clause
  const wrapped = /\bor\b|\|/i.test(before) ? `(${before})` : before
  return `${wrapped} and ${clause}`
}
