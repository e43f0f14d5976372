// The afternoon of the look's pictures, counted back from now.
import type { AlertDetail, AlertRow, AlertState, ClauseExplained, EventDetail, Explained, Gap, Severity, Status, TimelineEntry, Told, Topic } from '..'
import { frameOf, type Made } from './frame'

const S = 1000
const M = 60 * S
const H = 60 * M
export const start = Date.now()
const ago = (ms: number): number => start - ms

type Sketch = [
  id: string,
  severity: Severity,
  state: AlertState,
  title: string,
  key: string,
  rule: string,
  kind: string,
  age: number,
  matches: number,
]

const sketches: Sketch[] = [
  ['a1', 'critical', 'firing', 'Rogue AP "eduroam" on the wire', '86:13:c1:66:b1:32', 'security/rogue-on-the-wire', 'security.rogue', 3 * M, 4],
  ['a2', 'critical', 'firing', 'Deauthentication near ap-lib-2f-07', 'ap-lib-2f-07', 'security/deauth-attack', 'security.wids', 14 * M, 17],
  ['a3', 'warning', 'firing', 'WLAN "corp-guest" deleted', 'branch-12', 'audit/wlan-deleted', 'audit.configuration', 26 * M, 1],
  ['a4', 'warning', 'firing', 'Hotspotter attack seen by ap-sci-1f-03', 'CNV1LL8QAN', 'security/hotspotter', 'security.wids', 41 * M, 6],
  ['a5', 'warning', 'acknowledged', 'Firmware pushed outside the window', 'CN483Q94Q9', 'audit/firmware-window', 'audit.firmware', 5 * H, 2],
  ['a6', 'warning', 'snoozed', 'Client flood at ap-hal-0f-01', 'ap-hal-0f-01', 'security/client-flood', 'security.wids', 6 * H, 38],
  ['a7', 'info', 'firing', 'Watched device seen: laptop L-0442', 'a4:83:e7:2f:90:1c', 'presence/watched-device', 'presence.rssi', 8 * M, 3],
  ['a8', 'info', 'pending', 'Admin from a new address', '10.91.44.7', 'audit/new-address', 'audit.configuration', 2 * M, 1],
  ['r1', 'warning', 'resolved', 'Access point ap-dor-3f-11 is down', 'ap-dor-3f-11', 'monitoring/ap-down', 'monitoring.ap', 7 * H, 1],
  ['r2', 'critical', 'resolved', 'Rogue AP "\u202egnp.<b>free</b>\u0007" near ap-lib-1f-02', '02:00:5e:10:00:01', 'security/rogue-near', 'security.rogue', 9 * H, 12],
]

export let rows: AlertRow[] = sketches.map(([id, severity, state, title, key, rule, kind, age, matches]) => ({
  id,
  rule,
  key,
  severity,
  state,
  title,
  body: 'Seen by ap-lib-2f-07, level high',
  topic: kind.split('.')[0] as Topic,
  kind,
  since: ago(age + 6 * M),
  fired: state === 'pending' ? null : ago(age),
  last: ago(Math.min(age, 20 * S)),
  resolved: state === 'resolved' ? ago(age - H) : null,
  snoozed_until: state === 'snoozed' ? start + 58 * M : null,
  silence: null,
  fires_at: state === 'pending' ? start + 3 * M : null,
  matches,
  verdict: id === 'a5' || id === 'r2' ? 'useful' : id === 'a6' || id === 'r1' ? 'noise' : null,
}))

export function change(ids: readonly string[], make: (row: AlertRow) => AlertRow): AlertRow[] {
  const changed: AlertRow[] = []
  rows = rows.map((row) => {
    if (!ids.includes(row.id)) return row
    const next = make(row)
    changed.push(next)
    return next
  })
  return changed
}

const deauth: Made[] = [
  ['device_id', 'text', 'CN4TQGWBBB'],
  ['event_number', 'int', 1843645657],
  ['event_type', 'enum', 'client_attack'],
  ['attack_type', 'enum', 'detect_deauth_broadcast'],
  ['description', 'text', 'Deauthentication frames to broadcast'],
  ['detected_ap', 'text', 'ap-lib-2f-07'],
  ['mac_addr', 'mac', '20:4c:03:5e:17:d2'],
  ['radio_band', 'text', '5'],
  ['level', 'text', 'high'],
  ['ssid', 'text', '\u202emoderude\u0000'],
  ['acknowledged', 'bool', null],
]

export const rogue: Made[] = [
  ['rogue_id', 'mac', '86:13:c1:66:b1:32'],
  ['classification', 'int', 4, 'The definitions do not list this number'],
  ['first_seen', 'text', '1763471521'],
  ['last_seen', 'text', '1763472547'],
  ['rogue_name', 'text', 'rogue-b132'],
  ['ssid', 'text', 'eduroam'],
  ['lan_mac', 'mac', '6e:f0:b6:84:5d:6a'],
  ['first_det_device', 'text', 'ap-sci-1f-02'],
  ['last_det_device', 'text', 'ap-sci-1f-03'],
  ['encryption', 'int', 2],
  ['port', 'text', '1/1/29'],
  ['containment_status', 'text', 'none'],
  ['mac_vendor', 'text', 'TP-Link'],
  ['signal', 'int', null],
]

export function eventOf(id: string, kind: string, time: number, made: readonly Made[] = deauth): EventDetail {
  const topic = kind.split('.')[0] as Topic
  const { frame, fields } = frameOf(topic, made)
  return {
    row: { id, topic, kind, time, received: time + 300, summary: '', alert: null },
    customer_id: 'cd613e30d8f16adf91b7584a2265b1f5',
    fields,
    frame,
  }
}

export function detailOf(id: string, past?: AlertRow): AlertDetail | undefined {
  const row = past ?? rows.find((one) => one.id === id)
  if (!row) return undefined
  const fired = row.fired ?? row.since
  const timeline: TimelineEntry[] = [
    { time: fired + 12 * M, change: 'suppressed', reason: 'silenced: new carpet in the hall', event: null },
    { time: fired + 12 * M, change: 'reminded', reason: '', event: null },
    { time: fired + 10 * M + 15 * S, change: 'notified', reason: '', event: null },
    { time: fired + 10 * M + 15 * S, change: 'reminded', reason: '', event: null },
    { time: fired + 2 * M + 4 * S, change: 'dismissed', reason: '', event: null },
    { time: fired, change: 'notified', reason: '', event: '18452.0' },
    { time: fired, change: 'fired', reason: '5th match within 10 min', event: '18452.0' },
    { time: row.since, change: 'pending', reason: '1 of 5', event: '18440.0' },
  ]
  return {
    row,
    what_to_do:
      'Clients are being thrown off this access point. Go and look: the sender is usually within 20 m of it. Contain it only if the transmitter is ours.',
    timeline: timeline.toSorted((a, b) => b.time - a.time),
    sent: 2,
    withheld: 15,
    event: eventOf('18452.0', row.kind, fired, row.kind === 'security.rogue' ? rogue : deauth),
  }
}

export function statusOf(scene: string): Status {
  const deaf = scene === 'deaf'
  const asleep: Gap = { from: ago(12.3 * H), to: ago(12.3 * H - 21 * M), reason: 'asleep' }
  const since = ago(12 * H + 22 * M)
  const topic = (name: Topic, rate: number, last: number, gaps: Gap[]): Status['topics'][number] => ({
    topic: name,
    phase: deaf ? 'reconnecting' : 'listening',
    since: deaf ? since : ago(4 * H),
    retry_at: deaf ? start + 41 * S : null,
    tries: deaf ? 87 : 0,
    problem: deaf
      ? {
          code: 'proxy',
          message: 'The proxy proxy.campus.example:3128 wants a new sign-in.',
          said: '407 Proxy Authentication Required',
          steps: ['Sign in to the proxy, then try again.'],
        }
      : null,
    last_event: ago(last),
    rate: deaf ? 0 : rate,
    minutes: Array.from({ length: 60 }, (_, i) => (deaf ? 0 : Math.round(rate * (0.8 + 0.4 * Math.abs(Math.sin(i)))))),
    begun: null,
    gaps: deaf
      ? [{ from: since, to: null, reason: 'the proxy answers 407, it wants a new sign-in' }]
      : scene === 'quiet'
        ? []
        : [asleep, ...gaps],
  })
  const off = (name: Topic): Status['topics'][number] => ({
    topic: name,
    phase: 'off',
    since: ago(9 * H),
    retry_at: null,
    tries: 0,
    problem: null,
    last_event: null,
    rate: 0,
    minutes: Array.from({ length: 60 }, () => 0),
    begun: null,
    gaps: [],
  })
  const topics = [
    topic('security', 1.9, 4 * S, []),
    topic('audit', 0.3, 2 * M, []),
    topic('presence', 2316, 0, [{ from: ago(4.8 * H), to: ago(4.8 * H - 11 * M), reason: 'proxy closed it' }]),
    off('location'),
    off('monitoring'),
    off('apprf'),
  ]
  if (scene === 'mixed') {
    Object.assign(topics[1]!, {
      phase: 'refused',
      since: ago(9 * M),
      problem: {
        code: 'unsubscribed',
        message: 'Central does not send this topic to your account.',
        said: '400 Bad Request, Unsubscribed Topic',
        steps: ['In Central, open Account home, Webhooks, Streaming.', 'Tick Audit and save.', 'Come back here and try again.'],
      },
      gaps: [...topics[1]!.gaps, { from: ago(9 * M), to: null, reason: 'refused' }],
    })
  }
  if (scene === 'fresh') {
    for (const one of topics) Object.assign(one, { begun: ago(4 * M), gaps: [] })
  }
  return {
    topics,
    key: { customer: 'CN4TQ0042', made: ago(20 * H), works_until: start + 28 * H, renews: start + 4 * H, place: 'keyring', problem: null },
    firing:
      scene === 'quiet' || scene === 'deaf' ? { critical: 0, warning: 0, info: 0 } : { critical: 2, warning: 2, info: 1 },
    acknowledged: 1,
    events_per_minute: deaf ? 0 : 2318,
    rejected: 0,
    let_go: 0,
    not_drawn: 318,
    snoozed_until: null,
    popups: null,
    storage: null,
    rules_paused: 1,
    rules_broken: 0,
    rules_on: 13,
  }
}

/** Why a rogue is on the wire: each mark once. */
export function why(rule: string, event: string): Explained {
  const clause = (line: number, text: string, told: Told, parts: [string, string][], why = ''): ClauseExplained => ({
    text,
    span: { line, column: 8, end_line: line, end_column: 8 + text.length },
    joint: line === 11 ? 'first' : 'and',
    depth: 0,
    opens: '',
    closes: 0,
    told,
    why,
    parts: parts.map(([text, value]) => ({ text, value, window: null, needed: null })),
  })
  const other = !rule.includes('rogue')
  return {
    rule,
    about: 'Rogue access point on the wire',
    event,
    kind: 'security.rogue',
    received: new Date().toISOString(),
    came: other ? 'not-matched' : 'matched',
    why: '',
    conditions: [
      {
        function: 'when',
        told: other ? 'false' : 'true',
        clauses: [
          clause(11, 'present(event.lan_mac)', 'true', [['event.lan_mac', '"86:13:c1:66:b1:32"']]),
          clause(12, 'event.containment_status != "contained"', 'true', [['event.containment_status', '"not contained"']]),
          clause(13, '!in_list("our-aps", event.rogue_id)', other ? 'false' : 'true', [['event.rogue_id', '"86:13:c1:66:b1:32"']]),
        ],
      },
    ],
    key: '86:13:c1:66:b1:32',
    title: 'Rogue AP "eduroam" on the wire',
    body: null,
    lifecycle: [
      { time: ago(2 * M), change: 'repeated', words: 'Counted, ×17: the alert is firing already, since 14:28:06' },
      { time: ago(2 * M), change: 'suppressed', words: 'Pop-up withheld: the alert already fires' },
    ],
  }
}
