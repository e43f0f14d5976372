// A month of alerts for the played afternoon, the same each time.
import type { HistoryOverview, HistoryQuarter, HistoryQuery, HistoryRow, Request, Response, Severity } from '..'
import { rows as today, start } from './afternoon'

const M = 60_000
const H = 60 * M
const QUARTER = 15 * M

// Numbers that look like chance and are not.
let seed = 7
const chance = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!

const makes: readonly [Severity, string, string, () => string][] = [
  ['critical', 'security/deauth-attack', 'Deauthentication near', () => oneOf(['ap-lib-1f-02', 'ap-sci-1f-02', 'ap-hal-0f-01'])],
  ['critical', 'security/rogue-on-the-wire', 'Rogue AP "Free_WiFi" on the wire', () => 'd8:0d:17:3c:90:4f'],
  ['warning', 'security/hotspotter', 'Hotspotter attack seen by', () => oneOf(['CNV1LL8Q3F', 'CNV1LL8Q7T'])],
  ['info', 'security/client-flood', 'Client flood at', () => oneOf(['ap-dor-3f-11', 'ap-lib-2f-07'])],
  ['info', 'presence/watched-device', 'Watched device seen: laptop L-0442', () => 'a4:83:e7:2f:90:1c'],
]

function past(index: number): HistoryRow {
  const [severity, rule, title, keyOf] = chance() < 0.35 ? oneOf(makes) : makes[3 + (index % 2)]!
  const key = keyOf()
  const since = start - 10 * H - chance() * 29 * 24 * H
  const lasted = (5 + chance() * 60) * M
  const matches = 1 + Math.floor(chance() * 20)
  return {
    row: {
      id: `h${index}`, rule, key, severity, state: 'resolved', title: title.includes('"') || title.includes(':') ? title : `${title} ${key}`,
      body: '', topic: 'security', kind: 'security.wids', since, fired: since, last: since + lasted / 2, resolved: since + lasted,
      snoozed_until: null, silence: null, fires_at: null, matches,
      verdict: chance() < 0.3 ? (severity === 'info' ? 'noise' : 'useful') : null,
    },
    sent: chance() < 0.2 ? 0 : 1,
    withheld: matches > 1 ? [{ reason: 'already firing', count: matches - 1 }] : [],
  }
}

const many = new URLSearchParams(globalThis.location?.search ?? '').get('many')
const old = Array.from({ length: Number(many ?? 380) }, (_, i) => past(i))

function all(): HistoryRow[] {
  const mine = today.map((row): HistoryRow => ({ row, sent: 1, withheld: row.matches > 1 ? [{ reason: 'already firing', count: row.matches - 1 }] : [] }))
  return [...mine, ...old].sort((a, b) => b.row.since - a.row.since)
}

const wanted = (query: HistoryQuery): HistoryRow[] =>
  all().filter((one) => (query.from === null || one.row.since >= query.from) && (query.to === null || one.row.since < query.to))

// As much of the language as an afternoon needs.
function passes(filter: string, { row }: HistoryRow): boolean {
  return filter.split(/\s+and\s+/).every((clause) => {
    const [, field, operator, value] = /^(severity|rule|key|state|verdict)\s*(==|!=)\s*"?([^"]*)"?$/.exec(clause.trim()) ?? []
    if (field) return (String(row[field as 'rule']) === value) === (operator === '==')
    return `${row.title} ${row.key} ${row.rule}`.toLowerCase().includes(clause.trim().toLowerCase())
  })
}

function overview(query: HistoryQuery): HistoryOverview {
  const rows = wanted(query)
  const quarters = new Map<number, HistoryQuarter>()
  const sums = { critical: 0, warning: 0, info: 0 }
  for (const one of rows) {
    const from = Math.floor(one.row.since / QUARTER) * QUARTER
    const quarter = quarters.get(from) ?? { from, critical: 0, warning: 0, info: 0, hidden: 0, alert: null }
    quarters.set(from, quarter)
    if (!passes(query.filter, one)) quarter.hidden++
    else {
      quarter[one.row.severity]++
      sums[one.row.severity]++
      quarter.alert ??= one.row.id
    }
  }
  return {
    all: rows.length,
    kept: sums.critical + sums.warning + sums.info,
    ...sums,
    quarters: [...quarters.values()].sort((a, b) => a.from - b.from),
    deaf: [
      { from: start - 82 * H, to: start - 77.7 * H, reason: 'Tocsin was not running' },
      { from: start - 12.3 * H, to: start - 11.9 * H, reason: 'This computer was asleep' },
    ],
    known: start - 30 * 24 * H,
    first: all().at(-1)?.row.since ?? null,
  }
}

export function answerHistory(request: Request): Response | undefined {
  switch (request.type) {
    case 'history': {
      const rows = wanted(request.query).filter((one) => passes(request.query.filter, one))
      const from = request.after === null ? 0 : rows.findIndex((one) => one.row.id === request.after) + 1
      return { type: 'history', value: { alerts: rows.slice(from, from + request.limit), last: from + request.limit >= rows.length } }
    }
    case 'history_overview':
      return { type: 'history_overview', value: overview(request.query) }
    case 'check_history_filter':
      return {
        type: 'findings',
        value: /severty/.test(request.filter)
          ? [{ code: 'unknown-field', severity: 'error', message: 'No alert has a field "severty".', help: 'Did you mean severity?', span: { line: 1, column: 1, end_line: 1, end_column: 8 } }]
          : [],
      }
    case 'export_history':
      return { type: 'exported', value: { path: `~/Downloads/tocsin-alerts-2025-11-18-143200.${request.format}`, alerts: wanted(request.query).filter((one) => passes(request.query.filter, one)).length } }
    default:
      return undefined
  }
}

/** An alert of the past, for its detail. */
export const pastRow = (id: string): HistoryRow['row'] | undefined => old.find((one) => one.row.id === id)?.row
