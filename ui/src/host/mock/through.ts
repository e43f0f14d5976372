// How many events of the played week each clause lets through, roughly: each line a little fewer than the one above.
import type { ClauseThrough, LetThrough, LineThrough } from '..'

const ALL = 2_106

/** `?newest` counts a sample only. */
export function letThrough(text: string): LetThrough {
  const lines: LineThrough[] = []
  const clauses: ClauseThrough[] = []
  const sample = new URLSearchParams(globalThis.location?.search ?? '').has('newest')
  const asked = sample ? 1_000 : ALL
  let left = asked
  let inside = false
  text.split('\n').forEach((said, index) => {
    if (said.startsWith('fn when')) inside = true
    else if (said.startsWith('}')) inside = false
    else if (inside && said.trim()) {
      const clause = said.trim().replace(/^(?:&&|\|\|)\s*/, '')
      const column = said.indexOf(clause) + 1
      const through = clause.includes('!= 6') ? left : Math.round(left * (clause.includes('contains') ? 0.196 : 0.84))
      const unknown = clause.includes('first_seen') ? 3 : 0
      const [holds, fails] = [through, left - through - unknown]
      lines.push({ line: index + 1, through, stopped: fails, cannot_tell: unknown, parts: false })
      clauses.push({
        function: 'when', text: clause, holds, fails, cannot_tell: unknown, remembers: clause.includes('count('),
        span: { line: index + 1, column, end_line: index + 1, end_column: column + clause.length },
        held_by: holds > 0 ? '18399.0' : null, failed_by: fails > 0 ? '18398.0' : null,
      })
      left = through
    }
  })
  const to = Date.now()
  return { events: ALL, asked, from: to - (sample ? 3 : 7) * 86_400_000, to, cut: false, lines, clauses }
}
