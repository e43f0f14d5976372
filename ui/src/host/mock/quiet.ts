// Silences and settings against noise of the played afternoon.
import type { AlertRow, Matchers, PreviewedAlert, Push, Request, Response, SilenceRow } from '..'
import * as afternoon from './afternoon'

const H = 3_600_000
const D = 24 * H

const any: Matchers = { rule: '', key: '', kind: '', title: '', severity: null, spare_critical: false }
let serial = 3
let silences: SilenceRow[] = [
  { id: '1', matchers: { ...any, rule: 'security/client-flood', key: 'ap-hal-*' }, since: afternoon.start - 2 * H, until: afternoon.start + 5 * H, comment: 'New carpet in the hall, NET-4471. The installers move the access points.', by: 'you' },
  { id: '2', matchers: { ...any, kind: 'monitoring.*', spare_critical: true }, since: afternoon.start - 3 * D, until: afternoon.start + 4 * D, comment: 'Central moves to another cluster this week', by: 'you' },
]

/** A pattern as `glob` reads it. */
function fits(pattern: string, text: string): boolean {
  if (!pattern || pattern === text) return true
  const source = pattern.replace(/[.+^${}()|\\[\]]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(text)
}
const fit = (m: Matchers, row: { rule: string; key: string; kind: string; title: string; severity: string }): boolean =>
  !(m.spare_critical && row.severity === 'critical') &&
  (m.severity === null || m.severity === row.severity) &&
  fits(m.rule, row.rule) && fits(m.key, row.key) && fits(m.kind, row.kind) && fits(m.title, row.title)

/** The row with the silence that hides it. */
export function hushed(row: AlertRow): AlertRow {
  const found = row.state === 'resolved' ? undefined : silences.find((one) => fit(one.matchers, row))
  return { ...row, silence: found?.id ?? null, state: found && row.state === 'firing' ? 'silenced' : row.state }
}

/** A week of alerts that had pop-ups. */
const week = Array.from({ length: 92 }, (_, i) => {
  const row = afternoon.rows[i % afternoon.rows.length]!
  const time = i < afternoon.rows.length ? (row.fired ?? row.since) : afternoon.start - ((i * 5_437_211) % (7 * D))
  return { row, time, popups: 1 + (i % 3), id: i < afternoon.rows.length ? row.id : `w${i}` }
}).toSorted((a, b) => b.time - a.time)

export function answerQuiet(request: Request, take: (pushes: Push[]) => void, noisy: number): Response | undefined {
  const tell = (): Response => {
    setTimeout(() => take([{ type: 'silences_changed' }]), 20)
    return { type: 'done' }
  }
  switch (request.type) {
    case 'silences':
      return { type: 'silences', value: silences }
    case 'silence':
      silences = [...silences, { id: String(serial++), matchers: request.matchers, since: Date.now(), until: Date.now() + request.minutes * 60_000, comment: request.comment, by: 'you' }]
      return tell()
    case 'end_silence':
      silences = silences.filter((one) => one.id !== request.id)
      return tell()
    case 'preview_silence': {
      const shown: PreviewedAlert[] = week.map(({ row, time, popups, id }) => ({
        id,
        title: row.title,
        severity: row.severity,
        time,
        verdict: row.verdict,
        hidden: fit(request.matchers, row) ? popups : 0,
      }))
      const hidden = shown.filter((one) => one.hidden)
      return {
        type: 'silence_preview',
        value: {
          hidden: hidden.reduce((sum, one) => sum + one.hidden, 0),
          of: week.reduce((sum, one) => sum + one.popups, 0),
          alerts: hidden.length,
          alerts_of: shown.length,
          critical: hidden.filter((one) => one.severity === 'critical').length,
          shown,
          deaf: [{ from: afternoon.start - 3.4 * D, to: afternoon.start - 3.4 * D + 4.3 * H, reason: 'Tocsin was not running' }, { from: afternoon.start - 12.3 * H, to: afternoon.start - 11.9 * H, reason: 'This computer was asleep' }],
          since: afternoon.start - 7 * D,
        },
      }
    }
    case 'preview_noise': {
      const hours = request.noise.quiet.reduce((sum, one) => sum + one.days.length * ((one.to > one.from ? one.to : one.to + 1440) - one.from), 0) / 60
      const quiet = Math.round((hours / 168) * 60)
      const digest = request.noise.limits.all && request.noise.limits.all < 12 ? 9 : 2
      return {
        type: 'noise_preview',
        value: {
          shown: 131 - quiet - digest - 5,
          withheld: [
            { reason: 'quiet hours', count: quiet },
            { reason: 'too many at once, told in one pop-up', count: digest },
            { reason: 'this alert is snoozed', count: 5 },
          ].filter((one) => one.count).toSorted((a, b) => b.count - a.count),
          critical: 0,
          busiest: 9,
          busiest_at: afternoon.start - 3 * H,
        },
      }
    }
    case 'popup_account':
      return {
        type: 'popup_account',
        value: {
          matched: 3_217 + noisy,
          notified: 412,
          suppressed: [
            { reason: 'already firing', count: 2_604 + noisy },
            { reason: 'quiet hours', count: 143 },
            { reason: 'silenced', count: 40 },
            { reason: 'too many at once, told in one pop-up', count: 18 },
          ],
          digests: 3,
          balances: true,
        },
      }
    default:
      return undefined
  }
}
