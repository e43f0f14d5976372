import type { RuleRow } from '../../host'
import { momentShort } from '../../text/time'
import { count, some } from '../../text/number'
import { countWords } from './findings'

/** How a rule stands: its look and its words. */
export interface Standing {
  tone: 'ok' | 'warning' | 'error' | 'paused' | 'off'
  /** Few enough for a row. */
  word: string
  /** The whole sentence, and what to do. */
  sentence: string
}

/** Matches in the last seven days. */
export function hitsOf(row: RuleRow): number {
  return row.hits.reduce((sum, hits) => sum + hits, 0)
}

/** "12 hits"; "No hits". */
export function hitWords(row: RuleRow): string {
  const hits = hitsOf(row)
  return hits === 0 ? 'No hits' : some(hits, 'hit')
}

/** How the rule as it lies on disk stands at `now` (milliseconds since the epoch). */
export function standingOf(row: RuleRow, now: number): Standing {
  const found = countWords(row.errors, row.warnings)
  if (!row.enabled || row.state === 'off') {
    return { tone: 'off', word: 'Off', sentence: 'Off. No event reaches it until you switch it on.' }
  }
  switch (row.state) {
    case 'paused': {
      const until = row.paused_until === null ? '' : ` until ${momentShort(row.paused_until, now)}`
      const why = row.note ? ` ${row.note}` : ''
      return { tone: 'paused', word: `Paused${until}`, sentence: `Paused${until}. Nothing is matched meanwhile.${why}` }
    }
    case 'broken':
      return {
        tone: 'error',
        word: `${found || 'Error'}, does not run`,
        sentence: `It has ${found || 'an error'} and no earlier version that worked, so it does not run.`,
      }
    case 'last_good':
      return {
        tone: 'error',
        word: `${found || 'Error'}, last good runs`,
        sentence: `The saved text has ${found || 'an error'}. The last version that worked goes on running.`,
      }
    default:
      return row.warnings > 0
        ? { tone: 'warning', word: found, sentence: `Running, with ${found}.${learning(row, now)}${note(row)}` }
        : { tone: 'ok', word: hitWords(row), sentence: `Running.${learning(row, now)}${note(row)}` }
  }
}

/** What a rule that asks for what is new says while it has not heard enough to know what is usual. */
function learning(row: RuleRow, now: number): string {
  if (row.learns_until === null || row.learns_until <= now) return ''
  return ` It learns what is usual until ${momentShort(row.learns_until, now)}: nothing counts as new before.`
}

function note(row: RuleRow): string {
  return row.note ? ` ${row.note}` : ''
}

/** "3 firing"; empty when none is. */
export function firingWords(row: RuleRow): string {
  return row.firing === 0 ? '' : `${count(row.firing)} firing`
}
