// Cases in the played afternoon: read just enough to see them pass, fail and be wrong.
import type { CaseLine, CasesRun, ClauseReached, Diagnostic, Span } from '..'

export const rogueCases = `# What \`tocsin test rules\` proves of rogue-on-the-wire.rhai.

[[case]]
name = "On our LAN, and not ours"
events = [{ rogue_id = "86:13:c1:66:b1:32", lan_mac = "6e:f0:b6:84:5d:6a", ssid = "eduroam" }]
expect = [{ fires = "86:13:c1:66:b1:32", title = "Rogue AP \\"eduroam\\" on the wire" }]

[[case]]
name = "Only heard in the air"
events = [{ rogue_id = "86:13:c1:66:b1:32" }]
expect = "nothing"

[[case]]
name = "Heard again after 40 min is the same alert"
events = [
    { rogue_id = "86:13:c1:66:b1:32", lan_mac = "6e:f0:b6:84:5d:6a" },
    { at = "40m", rogue_id = "86:13:c1:66:b1:32", lan_mac = "6e:f0:b6:84:5d:6a" },
]
advance = "1h"
expect = [{ at = "0s", fires = "86:13:c1:66:b1:32" }, { at = "1h40m", resolves = "86:13:c1:66:b1:32" }]
`

const whole: Span = { line: 1, column: 1, end_line: 1, end_column: 2 }
const line = (side: CaseLine['side'], at: string, what: string, title = ''): CaseLine => ({
  side, at, what, key: '86:13:c1:66:b1:32', title,
})
const failing = [
  line('both', '0s', 'fires', 'Rogue AP "eduroam" on the wire'),
  line('unexpected', '30m', 'resolves'),
  line('unexpected', '40m', 'fires', 'Rogue AP "eduroam" on the wire'),
  line('unexpected', '1h10m', 'resolves'),
  line('missing', '1h40m', 'resolves'),
]

function clauses(text: string): ClauseReached[] {
  const found: ClauseReached[] = []
  let inside = false
  text.split('\n').forEach((said, index) => {
    if (said.startsWith('fn when')) inside = true
    else if (said.startsWith('}')) inside = false
    else if (inside) {
      const clause = said.trim().replace(/^(?:&&|\|\|)\s*/, '')
      const column = said.indexOf(clause) + 1
      const never = clause.includes('in_list')
      found.push({
        function: 'when', clause, holds: 3, fails: never ? 0 : 1, cannot_tell: 0, missing: never ? 'never false' : '',
        span: { line: index + 1, column, end_line: index + 1, end_column: column + clause.length },
      })
    }
  })
  return found
}

/** What the engine would say of these cases, roughly. */
export function runCases(text: string, cases: string): CasesRun {
  const findings: Diagnostic[] = []
  const finding = (code: string, message: string, help: string, span: Span): void => {
    findings.push({ code, severity: code === 'every-once' ? 'warning' : 'error', message, help, label: '', span })
  }
  if (/event\.nope/.test(text)) finding('rule-errors', 'The rule has errors, so its cases cannot run.', '', whole)
  cases.split('\n').forEach((said, index) => {
    const every = /\bevery = "(?!.*times)/.exec(said)
    if (every) finding('every-once', 'every does nothing without times.', 'Say how many times, or take it out.', { line: index + 1, column: every.index + 1, end_line: index + 1, end_column: every.index + 6 })
    const word = /\b(fire|expects)\b/.exec(said)
    if (word) finding('unknown-key', `"${word[1]}" means nothing here.`, 'Write fires.', { line: index + 1, column: word.index + 1, end_line: index + 1, end_column: word.index + 1 + word[0].length })
  })
  const lines = cases.split('\n')
  const verdicts = lines.flatMap((said, index) => {
    if (said.trim() !== '[[case]]') return []
    const name = /name = "((?:[^"\\]|\\.)*)"/.exec(lines[index + 1] ?? '')?.[1] ?? ''
    const end = lines.indexOf('[[case]]', index + 1)
    const body = lines.slice(index, end < 0 ? undefined : end).join('\n')
    const passed = !body.includes('resolves')
    const silent = body.includes('"nothing"')
    return [{ name, line: index + 1, passed, notes: [], story: passed ? (silent ? [] : [line('both', '0s', 'fires', 'Rogue AP "eduroam" on the wire')]) : failing }]
  })
  return { findings, verdicts: findings.some((one) => one.severity === 'error') ? [] : verdicts, reached: clauses(text) }
}

/** A case made of an event. */
export const withEvent = (cases: string, event: string): string =>
  `${cases.trim()}\n\n[[case]]\nname = "security.rogue heard 18 Nov 2026, 14:29:07 (${event})"\nstart = 2026-11-18T13:29:07Z\nevents = [{ rogue_id = "86:13:c1:66:b1:32", lan_mac = "6e:f0:b6:84:5d:6a", ssid = "eduroam" }]\nexpect = [{ at = "0s", fires = "86:13:c1:66:b1:32" }]\n`.trimStart()

/** The failing case as it is now. */
export const expectNow = (cases: string): string => cases.replace(/, \{ at = "1h40m", resolves[^}]*\}/, '')
