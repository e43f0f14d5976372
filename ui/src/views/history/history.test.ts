import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { useDoor, type HistoryOverview, type HistoryQuarter, type HistoryRow, type Request, type Response } from '../../host'
import { dismiss, toasts } from '../../state/toasts.svelte'
import { setNow } from '../../state/now.svelte'
import { columnsOf, inRows, rowsOf } from './chart'
import { onlySeverity, withSeverity } from './filter'
import History from './History.svelte'
import { kept, PAGE, Past } from './past.svelte'
import { readDay, stretchOf, written } from './stretch'

/** Tuesday, 14:32. */
const now = new Date(2025, 10, 18, 14, 32).getTime()
const H = 3_600_000
const day = (of: number, hours = 0, minutes = 0): number => new Date(2025, 10, of, hours, minutes).getTime()

const one = (n: number): HistoryRow => ({
  row: {
    id: `h${n}`,
    rule: 'security/rogue',
    key: `k${n}`,
    severity: 'critical',
    state: 'resolved',
    title: `Rogue ${n}`,
    body: '',
    topic: 'security',
    kind: 'security.rogue',
    since: now - n * 60_000,
    fired: now - n * 60_000,
    last: now - n * 60_000,
    resolved: now - n * 60_000 + 30_000,
    snoozed_until: null,
    silence: null,
    fires_at: null,
    matches: 2,
    verdict: null,
  },
  sent: 1,
  withheld: [{ reason: 'already firing', count: 1 }],
})

describe('a stretch of time', () => {
  it('is so long back from now, or what was picked', () => {
    const picked = { from: 1, to: 2 }
    expect(stretchOf('day', picked, now)).toEqual({ from: now - 24 * H, to: null })
    expect(stretchOf('all', picked, now)).toEqual({ from: null, to: null })
    expect(stretchOf('picked', picked, now)).toBe(picked)
  })
  it('is read from days as they are written', () => {
    for (const [text, from, to] of [
      ['today', day(18), day(19)],
      ['yesterday', day(17), day(18)],
      ['11 Nov', day(11), day(12)],
      ['Tue 11 november', day(11), day(12)],
      ['2025-11-11', day(11), day(12)],
      ['11 Nov 14:30', day(11, 14, 30), day(11, 14, 30)],
      ['9:05', day(18, 9, 5), day(18, 9, 5)],
      // Not this year's yet.
      ['24 Dec', new Date(2024, 11, 24).getTime(), new Date(2024, 11, 25).getTime()],
      ['24 Dec 2023', new Date(2023, 11, 24).getTime(), new Date(2023, 11, 25).getTime()],
    ] as const) {
      expect(readDay(text, now, false), text).toBe(from)
      expect(readDay(text, now, true), text).toBe(to)
    }
    for (const text of ['31 Feb', 'last week', '25:00', '18 Nox', '2025-13-01', '11']) expect(readDay(text, now, false), text).toBeNull()
  })
  it('is written so that it can be read', () => {
    for (const ms of [day(1), day(11, 14, 30)]) expect(readDay(written(ms), now, false)).toBe(ms)
  })
})

describe('a severity of the key', () => {
  it('is asked for beside what the filter asks already, and taken back', () => {
    expect(withSeverity('', 'critical')).toBe('severity == critical')
    expect(withSeverity('severity == critical', 'critical')).toBe('')
    expect(withSeverity('severity == critical', 'info')).toBe('severity == info')
    expect(withSeverity('corp and key == a', 'info')).toBe('severity == info and corp and key == a')
    expect(withSeverity('severity == info and corp', 'info')).toBe('corp')
    expect(withSeverity('a and severity == info and b', 'info')).toBe('a and b')
    expect(withSeverity('a or b', 'info')).toBe('severity == info and (a or b)')
    expect(onlySeverity('key == a and severity = warning')).toBe('warning')
    expect(onlySeverity('severity != info')).toBeNull()
  })
})

describe('the chart', () => {
  const quarter = (from: number, change: Partial<HistoryQuarter> = {}): HistoryQuarter => ({
    from,
    critical: 0,
    warning: 0,
    info: 1,
    hidden: 0,
    alert: 'x',
    ...change,
  })
  it('has a row a day, with what is looked at of the first and last', () => {
    const from = day(16, 12)
    expect(inRows(now - 7 * 24 * H, now)).toBe(true)
    expect(inRows(now - 30 * 24 * H, now)).toBe(false)
    const gaps = [{ from: day(17, 23), to: day(18, 1), reason: 'asleep' }]
    const rows = rowsOf([quarter(day(16, 18)), quarter(day(18, 6), { critical: 2, hidden: 1 }), quarter(day(18, 7), { info: 0, hidden: 3 })], gaps, from, now, 0)
    expect(rowsOf([], [], from, now, day(17, 6)).map((row) => [row.from, row.to > row.from])).toEqual([
      [1, false],
      [0.25, true],
      [0, true],
    ])
    expect(rows.map((row) => [row.kept, row.hidden, row.marks.length, row.deaf.length])).toEqual([
      [1, 0, 1, 0],
      [0, 0, 0, 1],
      [3, 4, 2, 1],
    ])
    expect(rows[0]).toMatchObject({ from: 0.5, to: 1 })
    expect(rows[0]?.marks[0]?.at).toBeCloseTo(0.755, 3)
    expect(rows[2]?.marks.map((mark) => mark.worst)).toEqual(['critical', null])
    expect(rows[1]?.deaf[0]).toMatchObject({ from: 23 / 24, to: 1 })
  })
  it('has a column a day or a week, and loses none', () => {
    const quarters = Array.from({ length: 300 }, (_, i) => quarter(now - (300 - i) * 24 * H))
    const month = columnsOf(quarters.slice(-30), now - 30 * 24 * H, now)
    expect(month).toHaveLength(31)
    expect(month.reduce((sum, column) => sum + column.kept, 0)).toBe(30)
    const year = columnsOf(quarters, now - 300 * 24 * H, now)
    expect(year.length).toBeLessThan(46)
    expect(new Date(year[0]!.start).getDay()).toBe(1)
    expect(year.reduce((sum, column) => sum + column.kept, 0)).toBe(300)
  })
})

let asked: Request[] = []
let many = 0
let refuse = false
const overview = (all: number, keeps: number): HistoryOverview => ({
  all,
  kept: keeps,
  critical: keeps,
  warning: 0,
  info: 0,
  quarters: all ? [{ from: day(18, 14, 15), critical: keeps, warning: 0, info: 0, hidden: all - keeps, alert: 'h0' }] : [],
  deaf: [],
  known: 0,
  first: many ? day(1) : null,
})

function answer(request: Request): Response {
  asked.push(request)
  if (refuse) throw { code: 'corrupt', message: 'The database cannot be read.', help: 'Start Tocsin again.' }
  const passing = 'query' in request && request.query.filter ? Math.min(many, 3) : many
  switch (request.type) {
    case 'history': {
      const from = request.after === null ? 0 : Number(request.after.slice(1)) + 1
      const to = Math.min(passing, from + request.limit)
      return { type: 'history', value: { alerts: Array.from({ length: Math.max(0, to - from) }, (_, i) => one(from + i)), last: to >= passing } }
    }
    case 'history_overview':
      return { type: 'history_overview', value: overview(many, passing) }
    case 'check_history_filter':
      return {
        type: 'findings',
        value: request.filter.includes('severty')
          ? [{ code: 'unknown-field', severity: 'error', message: 'No alert has a field "severty".', help: 'Did you mean severity?', span: { line: 1, column: 1, end_line: 1, end_column: 8 } }]
          : [],
      }
    case 'export_history':
      return { type: 'exported', value: { path: '/downloads/tocsin-alerts.csv', alerts: passing } }
    default:
      return { type: 'done' }
  }
}
const sent = <T extends Request['type']>(type: T): Extract<Request, { type: T }>[] =>
  asked.filter((request): request is Extract<Request, { type: T }> => request.type === type)

beforeEach(() => {
  setNow(now)
  asked = []
  many = 0
  refuse = false
  Object.assign(kept, { filter: '', stretch: 'week', picked: { from: null, to: null }, utc: false })
  useDoor({ call: async (request) => answer(request), subscribe: async () => undefined })
})
afterEach(() => {
  for (const toast of toasts.list) dismiss(toast.id)
})

describe('pages', () => {
  it('come as they are needed, each once', async () => {
    many = 3 * PAGE - 10
    const past = new Past()
    await past.read(now)
    expect([past.rows.length, past.count]).toEqual([PAGE, many])
    await past.reach(PAGE - 1)
    expect(sent('history')).toHaveLength(1)
    await Promise.all([past.reach(PAGE), past.reach(PAGE + 5)])
    expect(sent('history')).toHaveLength(2)
    expect(await past.seek('h560')).toBe(560)
    expect(past.rows).toHaveLength(many)
    expect(new Set(past.rows.map((row) => row.row.id)).size).toBe(many)
    await past.reach(many + 100)
    expect(sent('history')).toHaveLength(3)
    expect(await past.seek('gone')).toBe(-1)
  })
  it('of an earlier question are dropped', async () => {
    many = 2 * PAGE
    const past = new Past()
    await past.read(now)
    const late = past.reach(PAGE)
    kept.filter = 'rogue'
    await past.read(now)
    await late
    expect(past.rows).toHaveLength(3)
  })
})

describe('the view', () => {
  it('counts, filters and says what the filter hides', async () => {
    many = 20
    render(History)
    expect(await screen.findByText('20 alerts')).toBeTruthy()
    expect(await screen.findAllByRole('option')).not.toHaveLength(0)
    const field = screen.getByLabelText('Filter of past alerts')
    await fireEvent.input(field, { target: { value: 'severty == info' } })
    expect(await screen.findByText(/Did you mean severity/)).toBeTruthy()
    expect(screen.getByText('20 alerts')).toBeTruthy()
    await fireEvent.input(field, { target: { value: 'key == k1' } })
    expect(await screen.findByText('keeps 3, hides 17')).toBeTruthy()
  })
  it('writes what is shown to a file and says where', async () => {
    many = 20
    kept.filter = 'key == k1'
    render(History)
    const button = await screen.findByRole('button', { name: /Export/ })
    await screen.findByText('keeps 3, hides 17')
    await fireEvent.click(button)
    await fireEvent.keyDown(await screen.findByRole('dialog'), { key: 'c' })
    await waitFor(() => expect(toasts.list.map((toast) => toast.text)).toEqual(['3 alerts written to /downloads/tocsin-alerts.csv']))
    expect(sent('export_history')[0]).toMatchObject({ query: { filter: 'key == k1', from: now - 7 * 24 * H, to: null }, format: 'csv', utc: false })
    await fireEvent.click(button)
    await fireEvent.click(screen.getByLabelText('All 20'))
    await fireEvent.click(screen.getByRole('button', { name: /JSON/ }))
    await waitFor(() => expect(sent('export_history')).toHaveLength(2))
    expect(sent('export_history')[1]).toMatchObject({ query: { filter: '' }, format: 'json' })
  })
  it('says why there is nothing', async () => {
    const empty = render(History)
    expect(await screen.findByText('No alert yet')).toBeTruthy()
    empty.unmount()
    refuse = true
    render(History)
    expect(await screen.findByText('The database cannot be read.')).toBeTruthy()
  })
})
