// A filter made narrower by a field of the event that is open.
import type { FieldRow } from '../../host'

/** `field == value` (or `!=`), added to what the filter already says. */
export function narrowed(filter: string, field: FieldRow, keep: boolean): string {
  const clause = field.absent
    ? `${keep ? 'not ' : ''}present(${field.name})`
    : `${field.name} ${keep ? '==' : '!='} ${field.value}`
  const before = filter.trim()
  if (!before) return clause
  const wrapped = /\bor\b/.test(before) ? `(${before})` : before
  return `${wrapped} and ${clause}`
}
