// A played afternoon, so that the window can be looked at in a plain browser during development. Not in the product.
// The address chooses the scene: `?scene=quiet|deaf|mixed|first_run|storm|accounts&theme=dark&text=200&view=live`.
import type { AlertRow, AppState, EventRow, Push, Request, Response, Topic } from '..'
import type { Door } from '../index'
import { accountsOf, answerAccounts } from './accounts'
import * as afternoon from './afternoon'
import { answerHistory, pastRow } from './history'
import { answerQuiet, hushed } from './quiet'
import { backtest, eventsOf, stopBacktest } from './past'
import { answerRules } from './rules'
import { letThrough } from './through'

const query = new URLSearchParams(globalThis.location?.search ?? '')
const scene = query.get('scene') ?? 'afternoon'
let take: (pushes: Push[]) => void = () => undefined
let serial = 18_000
let filter: string | null = null

const state: AppState = {
  version: '0.1.0',
  mode: scene === 'first_run' ? 'first_run' : scene === 'demo' ? 'demo' : 'account',
  account: {
    name: scene === 'accounts' ? 'Campus' : '',
    endpoint: 'app1-apigw.central.arubanetworks.com',
    topics: ['security', 'audit', 'presence'],
    authority: null,
    key_place: 'keyring',
  },
  accounts: accountsOf(scene),
  active: accountsOf(scene)[0]?.id ?? null,
  settings: {
    notifications: true,
    sounds: { critical: false, warning: false, info: false },
    theme: (query.get('theme') as 'dark' | 'light' | null) ?? 'system',
    text_size: Number(query.get('text') ?? 100),
    zone: '',
    noise: {
      quiet: [
        { days: [1, 2, 3, 4, 5], from: 0, to: 450 },
        { days: [1, 2, 3, 4, 5], from: 1080, to: 0 },
        { days: [6, 7], from: 0, to: 0 },
      ],
      maintenance: [
        {
          name: 'Core switch update',
          hours: { days: [3], from: 1320, to: 120 },
          matchers: { rule: 'monitoring/*', key: '', kind: '', title: '', severity: null, spare_critical: false },
        },
      ],
      limits: { rule: 5, all: 15 },
    },
    keep_days: 30,
    keep_megabytes: 2000,
  },
  status: afternoon.statusOf(scene),
  data_folder: '~/.local/share/tocsin',
  rules_folder: '~/.config/tocsin/rules',
}

const macs = ['e4:5f:01:9a:6b:38', '3c:22:fb:90:4e:17', 'd0:81:7a:44:c8:02', 'f8:4d:89:1b:07:e5', '8c:85:90:2e:5f:d1']
const places = ['ap-sci-1f-03', 'ap-lib-2f-07', 'ap-dor-3f-11', 'ap-hal-0f-01']
const pickOne = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!

function event(time: number): EventRow {
  const dice = Math.random()
  const id = `${serial++}.0`
  const make = (topic: Topic, kind: string, summary: string, alert: string | null = null): EventRow => ({
    id,
    topic,
    kind,
    time,
    received: time + 200,
    summary,
    alert,
  })
  if (dice < 0.03) return make('security', 'security.rogue', '86:13:c1:66:b1:32, "eduroam", port 1/1/29, TP-Link, not contained', 'a1')
  if (dice < 0.06) return make('security', 'security.wids', `${pickOne(places)}, detect_hotspotter_attack, 2.4 GHz, high`, dice < 0.04 ? 'a4' : null)
  if (dice < 0.09) return make('audit', 'audit.firmware', 'CN483Q94Q9, Firmware upgrade scheduled, by alice@example.com', dice < 0.07 ? 'a5' : null)
  return make('presence', 'presence.rssi', `${pickOne(macs)}, −${40 + Math.floor(Math.random() * 20)} dBm at ${pickOne(places)}, ${dice < 0.5 ? 'associated' : 'not associated'}`)
}

function changed(rows: AlertRow[]): Response {
  take([{ type: 'alerts', value: rows.map(hushed) }])
  return { type: 'done' }
}

function answer(request: Request): Response | undefined {
  switch (request.type) {
    case 'state':
      return { type: 'state', value: state }
    case 'start_demo':
      state.mode = 'demo'
      return { type: 'state', value: state }
    case 'read_endpoint':
      return { type: 'endpoint', value: { host: request.endpoint.replace(/^\w+:\/\/|\/.*$/g, ''), is_central: request.endpoint.includes('arubanetworks.com') } }
    case 'read_key':
      if (!request.key.includes('.')) throw { code: 'not-a-key', message: 'This is not a streaming key.', help: 'Copy the whole key from Central.' }
      return { type: 'key', value: { customer: 'CN4TQ0042', made: afternoon.start - 7_200_000, works_until: afternoon.start + 165_600_000, expired: false } }
    case 'read_authority':
      return { type: 'authority', value: { subject: 'CN=Campus CA', fingerprint: 'AB:CD:EF', valid_until: afternoon.start + 1e10 } }
    case 'test_connection': {
      const steps = [['name', '203.0.113.7'], ['line', 'TLS 1.3, certificate of *.central.arubanetworks.com'], ['key', 'customer CN4TQ0042'], ['topics', '3 of 3'], ['first_message', 'presence, 1.2 kB']] as const
      state.account?.topics.forEach((topic, i) =>
        setTimeout(() => take([{ type: 'test_step', value: { step: 'topics', topic, state: 'good', found: topic, millis: 80 + i * 9, problem: null } }]), 1_250 + i * 90),
      )
      steps.forEach(([step, found], i) => {
        setTimeout(() => take([{ type: 'test_step', value: { step, topic: null, state: 'running', found: '', millis: 0, problem: null } }]), i * 400)
        setTimeout(() => take([{ type: 'test_step', value: { step, topic: null, state: 'good', found, millis: 31 + i * 20, problem: null } }]), i * 400 + 350)
      })
      return { type: 'done' }
    }
    case 'alerts': {
      const told = afternoon.rows.map(hushed)
      const all = scene === 'quiet' || scene === 'deaf' ? told.filter((row) => row.state === 'resolved') : told
      const words = request.text.toLowerCase()
      const fits = all.filter((row) => !words || `${row.title} ${row.key} ${row.rule} ${row.body}`.toLowerCase().includes(words))
      const resolved = fits.filter((row) => row.state === 'resolved')
      const active = fits.filter((row) => row.state !== 'resolved')
      return { type: 'alerts', value: { alerts: { active, resolved, all: fits }[request.tab], active: active.length, resolved: resolved.length, all: fits.length } }
    }
    case 'alert': {
      const value = afternoon.detailOf(request.id, pastRow(request.id))
      if (!value) throw { code: 'no-alert', message: 'This alert is no longer kept.', help: '' }
      return { type: 'alert', value: { ...value, row: hushed(value.row) } }
    }
    case 'acknowledge':
      return changed(afternoon.change(request.ids, (row) => ({ ...row, state: 'acknowledged', snoozed_until: null })))
    case 'unacknowledge':
      return changed(afternoon.change(request.ids, (row) => ({ ...row, state: 'firing' })))
    case 'snooze': {
      const { minutes } = request
      return changed(
        afternoon.change(request.ids, (row) =>
          minutes
            ? { ...row, state: 'snoozed', snoozed_until: Date.now() + minutes * 60_000 }
            : { ...row, state: 'firing', snoozed_until: null },
        ),
      )
    }
    case 'judge':
      return changed(afternoon.change(request.ids, (row) => ({ ...row, verdict: request.verdict })))
    case 'snooze_all':
      state.status = { ...state.status, snoozed_until: request.minutes ? Date.now() + request.minutes * 60_000 : null }
      take([{ type: 'status', value: state.status }])
      return { type: 'done' }
    case 'follow': {
      filter = request.filter
      const t = Date.now()
      return { type: 'live', value: { events: Array.from({ length: scene === 'deaf' ? 0 : 200 }, (_, i) => event(t - (200 - i) * 400)), not_drawn: 0 } }
    }
    case 'unfollow':
      filter = null
      return { type: 'done' }
    case 'check_filter':
      return {
        type: 'findings',
        value: request.filter.includes('levl')
          ? [{ code: 'unknown-field', severity: 'error', message: 'No field "levl".', help: 'Did you mean level?', span: { line: 1, column: 1, end_line: 1, end_column: 5 } }]
          : [],
      }
    case 'event':
      return { type: 'event', value: afternoon.eventOf(request.id, 'security.rogue', Date.now() - 60_000, afternoon.rogue) }
    case 'events':
      return { type: 'events', value: eventsOf(request.on, request.filter, request.before, request.limit) }
    case 'backtest':
      backtest(request.run, request.text, take)
      return { type: 'done' }
    case 'let_through':
      return { type: 'let_through', value: letThrough(request.text) }
    case 'stop_backtest':
      stopBacktest()
      return { type: 'done' }
    case 'explain':
      return { type: 'explanation', value: afternoon.why(request.rule, request.event) }
    case 'save_settings':
      state.settings = request.settings
      return { type: 'done' }
    case 'shell':
    case 'start_at_login':
      return { type: 'shell', value: { tray: true, tray_note: '', start_at_login: request.type === 'start_at_login' && request.on } }
    case 'save_diagnostics':
      return { type: 'written', value: '~/Downloads/tocsin-diagnostics-2025-11-18-143200.json' }
    case 'storage':
      return {
        type: 'storage',
        value: {
          used: 412_600_000,
          topics: [
            { topic: 'security', size: 21_400_000, messages: 182_400, since: afternoon.start - 24 * 86_400_000 },
            { topic: 'audit', size: 3_100_000, messages: 11_020, since: afternoon.start - 24 * 86_400_000 },
            { topic: 'presence', size: 371_900_000, messages: 4_120_772, since: afternoon.start - 24 * 86_400_000 },
          ],
        },
      }
    case 'set_topic': {
      const topics = state.status.topics.map((one) => (one.topic === request.topic ? { ...one, phase: request.on ? ('listening' as const) : ('off' as const) } : one))
      state.status = { ...state.status, topics }
      take([{ type: 'status', value: state.status }])
      return { type: 'done' }
    }
    default:
      return answerAccounts(request, state) ?? answerHistory(request) ?? answerQuiet(request, take, serial % 97) ?? answerRules(request, take) ?? { type: 'done' }
  }
}

/** The way in to the played afternoon. */
export async function mockDoor(): Promise<Door> {
  return {
    async call(request) {
      await new Promise((done) => setTimeout(done, 15))
      return structuredClone(answer(request) ?? { type: 'done' })
    },
    async subscribe(to) {
      take = to
      setInterval(() => {
        if (filter !== null && scene !== 'deaf') {
          const many = scene === 'storm' ? 500 : 4
          take([{ type: 'live', value: { events: Array.from({ length: many }, () => event(Date.now())), not_drawn: scene === 'storm' ? 20 : 0 } }])
        }
      }, 100)
    },
  }
}
