import type { RuleRow } from '../../host'
import { momentShort } from '../../text/time'
import { en } from '../../text/en'

const words = en.rules.standing

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
  return hits === 0 ? en.rules.standing.noHits : en.rules.standing.hits(hits)
}

/** How the rule as it lies on disk stands at `now` (milliseconds since the epoch). */
export function standingOf(row: RuleRow, now: number): Standing {
  const found = en.rules.findings(row.errors, row.warnings)
  if (!row.enabled || row.state === 'off') {
    return { tone: 'off', word: en.rules.off, sentence: words.off }
  }
  switch (row.state) {
    case 'paused': {
      const paused = words.paused(row.paused_until === null ? null : momentShort(row.paused_until, now))
      return { tone: 'paused', word: paused, sentence: words.pausedWhy(paused, row.note) }
    }
    case 'broken':
      return { tone: 'error', word: words.broken(found), sentence: words.brokenWhy(found) }
    case 'last_good':
      return { tone: 'error', word: words.lastGood(found), sentence: words.lastGoodWhy(found) }
    default:
      return row.warnings > 0
        ? { tone: 'warning', word: found, sentence: words.running(found, learning(row, now), row.note) }
        : { tone: 'ok', word: hitWords(row), sentence: words.running('', learning(row, now), row.note) }
  }
}

/** Until when a rule that asks for what is new has not heard enough to know what is usual. */
function learning(row: RuleRow, now: number): string | null {
  return row.learns_until === null || row.learns_until <= now ? null : momentShort(row.learns_until, now)
}

/** "3 firing"; empty when none is. */
export function firingWords(row: RuleRow): string {
  return row.firing === 0 ? '' : words.firing(row.firing)
}
