// The rules of the played afternoon: files in memory, checked for just enough to see findings.
// `?outside` changes the file under an edit, at the first save.
import type { Diagnostic, Push, Request, Response, RuleRow, RuleState } from '..'
import { expectNow, rogueCases, runCases, withEvent } from './cases'
import { vocabulary } from './vocabulary'

interface File {
  text: string
  cases: string
  on: boolean
  state: RuleState
  hits: number[]
  firing: number
  note: string
}

const file = (text: string, hits: number[], firing = 0, state: RuleState = 'running', note = '', cases = ''): File => ({
  text,
  cases,
  on: state !== 'off',
  state,
  hits,
  firing,
  note,
})
const simple = (title: string, on: string, severity: string, when: string): string =>
  `//! ${title}\n//!\n//! Look at what changed and who did it.\n\nconst ON       = "${on}";\nconst SEVERITY = "${severity}";\n\nfn when(event) {\n    ${when}\n}\n`

const deauth = `//! Deauthentication attack
//!
//! Clients are being thrown off this access point. Go and
//! look: the sender is usually within 20 m of it. Contain
//! it only if the transmitter is ours.

const ON       = "security.wids";
const SEVERITY = "critical";
const REMIND   = "10m";

fn when(event) {
    event.attack_type.contains("deauth")
        && event.radio_band != 6
        && event.level != "low"
        && !in_list("serviced", event.detected_ap)
}

fn key(event)   { event.detected_ap }
fn title(event) { \`Deauthentication near \${event.detected_ap}\` }
fn body(event)  { \`On \${event.radio_band} GHz\` }
`
const rogue = `//! Rogue access point on the wire
//!
//! An access point that is not ours is bridged to our LAN.
//! Unplug the switch port, then contain it.

const ON       = "security.rogue";
const SEVERITY = "critical";
const REMIND   = "1h";

fn when(event) {
    present(event.lan_mac)
        && event.containment_status != "contained"
        && !in_list("our-aps", event.rogue_id)
}

fn key(event)   { event.rogue_id }
fn title(event) { \`Rogue AP "\${event.ssid}" on the wire\` }
`

const files = new Map<string, File>([
  ['security/rogue-on-the-wire', file(rogue, [1, 0, 2, 0, 0, 1, 4], 1, 'running', '', rogueCases)],
  ['security/deauth-attack', file(deauth, [3, 2, 5, 0, 4, 6, 7], 1)],
  ['security/evil-twin', file(simple('Evil twin of our SSID', 'security.rogue', 'critical', 'in_list("our-ssids", event.ssid)'), [0, 0, 1, 0, 0, 0, 0])],
  ['security/client-misassociation', file(simple('Client misassociation', 'security.wids', 'info', 'event.attack_type.contains("misassociation")'), [0, 0, 0, 0, 0, 0, 0], 0, 'off')],
  ['audit/wlan-deleted', file(simple('WLAN deleted', 'audit.configuration', 'warning', 'event.description.contains("delete")'), [0, 0, 0, 0, 0, 0, 1], 1)],
  ['audit/bulk-push', file(simple('Bulk configuration push', 'audit.configuration', 'warning', 'loop { }'), [0, 1, 0, 0, 0, 0, 0], 0, 'paused', 'It did not come to an end within 20,000 steps, 5 times in a row.')],
  ['presence/watched-device', file(simple('Watched device seen', 'presence.rssi', 'info', 'in_list("watched", event.sta_eth_mac)'), [2, 1, 0, 3, 1, 2, 3], 1)],
  ['presence/visitors-after-hours', file(simple('Visitors after hours', 'presence.client_state', 'info', 'event.nope == 1'), [0, 0, 3, 0, 0, 0, 0], 0, 'last_good')],
])
let changeOutside = new URLSearchParams(globalThis.location?.search ?? '').has('outside')

const hashOf = (text: string): string => String([...text].reduce((hash, c) => (hash * 31 + (c.codePointAt(0) ?? 0)) | 0, 7))

function check(text: string): Diagnostic[] {
  const found: Diagnostic[] = []
  const at = (pattern: RegExp, make: (said: string) => Omit<Diagnostic, 'span'> | null): void => {
    text.split('\n').forEach((line, index) => {
      const match = pattern.exec(line)
      const said = match?.[1]
      const finding = match && said ? make(said) : null
      if (!match || !said || !finding) return
      const column = [...line.slice(0, match.index + match[0].indexOf(said))].length + 1
      found.push({ ...finding, span: { line: index + 1, column, end_line: index + 1, end_column: column + [...said].length } })
    })
  }
  at(/(event\.radio_band\s*[!=]=\s*\d+)/, () => ({
    code: 'never-equal', severity: 'warning', message: 'Always true. radio_band is text, 6 is a number.', help: 'Write "6" to leave 6 GHz out.',
  }))
  at(/event\.(nope|ssdi)\b/, (said) => ({
    code: 'unknown-field', severity: 'error', message: `No field "${said}" in these kinds.`, help: 'The nearest is ssid.',
  }))
  const open = (text.match(/\{/g)?.length ?? 0) - (text.match(/\}/g)?.length ?? 0)
  if (open > 0) {
    const lines = text.split('\n')
    const place = { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
    found.push({ code: 'syntax', severity: 'error', message: 'A bracket is open at the end.', help: 'Close it with }.', span: { ...place, end_line: place.line, end_column: place.column } })
  }
  return found
}

function rowOf(name: string, rule: File): RuleRow {
  const findings = check(rule.text)
  const errors = findings.filter((one) => one.severity === 'error').length
  const state: RuleState = !rule.on ? 'off' : rule.state === 'paused' ? 'paused' : errors > 0 ? 'last_good' : 'running'
  return {
    name,
    title: /^\/\/! (.*)/.exec(rule.text)?.[1] ?? name,
    severity: (/SEVERITY\s*=\s*"(\w+)"/.exec(rule.text)?.[1] ?? 'warning') as RuleRow['severity'],
    on: [/ON\s*=\s*"([\w.]+)"/.exec(rule.text)?.[1] ?? ''],
    enabled: rule.on,
    state,
    paused_until: state === 'paused' ? Date.now() + 900_000 : null,
    learns_until: state === 'running' && rule.text.includes('first_seen') ? Date.now() + 41_000_000 : null,
    note: rule.note,
    errors,
    warnings: findings.length - errors,
    firing: rule.firing,
    hits: rule.hits,
    last_hit: rule.hits.some(Boolean) ? Date.now() - 120_000 : null,
    useful: rule.firing ? 9 : 0,
    noise: rule.firing ? 3 : 0,
  }
}

/** Answers what is about rules; undefined for all else. */
export function answerRules(request: Request, push: (pushes: Push[]) => void): Response | undefined {
  const changed = (answer: Response): Response => {
    push([{ type: 'rules_changed' }])
    return answer
  }
  const gone = { code: 'no-rule', message: 'There is no such rule any more.', help: '' }
  switch (request.type) {
    case 'rules':
      return { type: 'rules', value: [...files].map(([name, rule]) => rowOf(name, rule)) }
    case 'rule': {
      const rule = files.get(request.name)
      if (!rule) throw gone
      return { type: 'rule', value: { row: rowOf(request.name, rule), text: rule.text, hash: hashOf(rule.text), doc: '', findings: check(rule.text), cases: rule.cases, cases_hash: hashOf(rule.cases) } }
    }
    case 'check_rule':
      return { type: 'findings', value: check(request.text) }
    case 'save_rule': {
      const rule = files.get(request.name)
      if (rule && changeOutside) {
        changeOutside = false
        rule.text = rule.text.replace('REMIND   = "10m"', 'REMIND   = "30m"')
      }
      if (rule && hashOf(rule.text) !== request.base) return { type: 'conflict', value: { theirs: rule.text, hash: hashOf(rule.text) } }
      files.set(request.name, { ...(rule ?? file('', [0, 0, 0, 0, 0, 0, 0])), text: request.text })
      return changed({ type: 'saved', value: { hash: hashOf(request.text) } })
    }
    case 'save_cases': {
      const rule = files.get(request.name)
      if (!rule) throw gone
      if (hashOf(rule.cases) !== (request.base ?? hashOf(''))) return { type: 'conflict', value: { theirs: rule.cases, hash: hashOf(rule.cases) } }
      rule.cases = request.text
      return changed({ type: 'saved', value: { hash: hashOf(request.text) } })
    }
    case 'run_cases':
      return { type: 'cases_run', value: runCases(request.text, request.cases) }
    case 'case_from_event':
      return { type: 'cases', value: withEvent(request.cases, request.event) }
    case 'case_from_alert':
      return { type: 'alert_case', value: { cases: withEvent(request.cases, request.alert), fewest: !request.alert.endsWith('2') } }
    case 'expect_now':
      return { type: 'cases', value: expectNow(request.cases) }
    case 'enable_rule': {
      const rule = files.get(request.name)
      if (!rule) throw gone
      rule.on = request.on
      return changed({ type: 'done' })
    }
    case 'resume_rule': {
      const rule = files.get(request.name)
      if (rule) files.set(request.name, { ...rule, state: 'running', note: '' })
      return changed({ type: 'done' })
    }
    case 'delete_rule': {
      const rule = files.get(request.name)
      if (!rule) throw gone
      files.delete(request.name)
      return changed({ type: 'deleted', value: { text: rule.text, cases: rule.cases || null } })
    }
    case 'restore_rule':
      files.set(request.name, file(request.text, [0, 0, 0, 0, 0, 0, 0], 0, 'running', '', request.cases ?? ''))
      return changed({ type: 'saved', value: { hash: hashOf(request.text) } })
    case 'rename_rule': {
      const rule = files.get(request.name)
      if (!rule) throw gone
      files.delete(request.name)
      files.set(request.to, rule)
      return changed({ type: 'done' })
    }
    case 'rule_from_event':
      return { type: 'template', value: { name: 'security/new-rogue', purpose: '', text: simple('Security rogue', 'security.rogue', 'warning', 'event.ssid == "eduroam"'), cases: withEvent('', request.event) } }
    case 'templates':
      return {
        type: 'templates',
        value: [
          { name: 'Something happened', purpose: 'An alert for each thing that matches, once until it is over.', text: simple('Something happened', 'security.wids', 'warning', 'event.level == "high"'), cases: '[[case]]\nname = \"Something happens\"\nevents = [{ level = \"high\" }]\nexpect = [{ fires = \"*\" }]\n' },
          { name: 'Somebody on a list', purpose: 'A device, user or place that you keep in a list.', text: simple('Somebody on a list', 'presence.rssi', 'info', 'in_list("watched", event.sta_eth_mac)'), cases: '' },
        ],
      }
    case 'lists':
      return { type: 'lists', value: vocabulary.lists.map((list) => ({ ...list, csv: list.name === 'serviced' })) }
    case 'list': {
      const text = request.csv ? 'name,serial,note\nLibrary,CN01,"second floor, east"\nDorms,CN02,\n' : '# Ours\n20:4c:03:12:34:56  # library\n20:4c:03:99:00:01\n10.20.0.0/16  # the dorms\n'
      return { type: 'list', value: { text, hash: hashOf(text) } }
    }
    case 'save_list':
      return { type: 'saved', value: { hash: hashOf(request.text) } }
    case 'delete_list':
      return { type: 'deleted', value: { text: '', cases: null } }
    case 'fix_rule':
      return { type: 'fix', value: request.finding.code === 'unknown-field' ? 'ssid' : request.finding.code === 'never-equal' ? 'event.radio_band != "6"' : null }
    case 'seen': {
      const values = request.field === 'radio_band' ? ['5', '2.4', '6'] : ['eduroam', 'guest\u202e', 'a "quoted" one', 'lab']
      const seen = values.map((value, index) => ({ value, text: true, count: Math.round(1204 / (index + 1)) }))
      return { type: 'seen', value: { values: seen, different: values.length, events: 2508, since: Date.now() - 86_400_000 } }
    }
    case 'vocabulary':
      return { type: 'vocabulary', value: vocabulary }
    default:
      return undefined
  }
}
