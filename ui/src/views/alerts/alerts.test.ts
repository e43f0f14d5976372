import { describe, expect, it } from 'vitest'

import type { AlertRow, AlertState, Gap, Severity, Status, TimelineEntry, TopicPhase, TopicStatus } from '../../host'
import { arrange } from '../../state/alerts.svelte'
import { deafSince, hearingOf, PATIENCE, whole } from '../../state/hearing'
import { widthFor } from '../../state/layout.svelte'
import { DAY, holes, hours, merged, placed, rowsOf } from './coverage'
import { counting, moments } from './timeline'

const H = 3_600_000
const now = new Date(2025, 10, 18, 14, 32).getTime()

const topic = (phase: TopicPhase, since = now - H, gaps: Gap[] = [], name: TopicStatus['topic'] = 'security'): TopicStatus => ({
  topic: name,
  phase,
  since,
  retry_at: phase === 'reconnecting' ? now + 41_000 : null,
  tries: 0,
  problem: null,
  last_event: null,
  rate: 0,
  minutes: [],
  begun: null,
  gaps,
})
const status = (...topics: TopicStatus[]): Status => ({ topics }) as Status

describe('hearing', () => {
  it('is deaf after a minute without, not at once; refused at once', () => {
    expect(hearingOf(topic('reconnecting', now - PATIENCE), now)).toBe('reconnecting')
    expect(hearingOf(topic('reconnecting', now - PATIENCE - 1), now)).toBe('deaf')
    expect(hearingOf(topic('refused', now), now)).toBe('deaf')
  })
  it('counts from the beginning of the gap, not from the latest try', () => {
    const gap = { from: now - 2 * H, to: null, reason: 'proxy' }
    expect(deafSince(topic('connecting', now - 1000, [gap]))).toBe(now - 2 * H)
    expect(hearingOf(topic('connecting', now - 1000, [gap]), now)).toBe('deaf')
  })
  it('as a whole is the worst of what is on', () => {
    const all = whole(status(topic('listening'), topic('off'), topic('reconnecting', now - 2 * H)), now)
    expect(all.hearing).toBe('deaf')
    expect(all.heard).toEqual(['security'])
    expect(all.missed).toHaveLength(1)
    expect(all.since).toBe(now - 2 * H)
    expect(all.retryAt).toBe(now + 41_000)
    expect(whole(status(topic('off')), now).hearing).toBe('off')
    expect(whole(status(topic('listening')), now)).toMatchObject({ hearing: 'listening', since: null, retryAt: null })
    expect(whole(null, now).hearing).toBe('off')
  })
})

describe('coverage', () => {
  const asleep = { from: now - 12 * H, to: now - 11.5 * H, reason: 'asleep' }
  it('cuts gaps to the last 24 hours', () => {
    expect(holes([{ from: now - 30 * H, to: now - 25 * H, reason: '' }], now)).toEqual([])
    const [cut] = holes([{ from: now - 30 * H, to: now - 12 * H, reason: 'off' }], now)
    expect(cut).toMatchObject({ left: 0, width: 0.5 })
    const [open] = holes([{ from: now - 6 * H, to: null, reason: 'proxy' }], now)
    expect(open).toMatchObject({ left: 0.75, width: 0.25, to: null, label: false })
  })
  it('labels a gap once, on the topmost row it touches', () => {
    const late = { ...asleep, from: asleep.from + 4_000 }
    const rows = rowsOf([topic('listening', 0, [asleep]), topic('listening', 0, [late], 'audit')], now)
    expect(rows.map((row) => row.holes[0]?.label)).toEqual([true, false])
  })
  it('writes a label where it stands on nothing else, and the later of two where there is room for one', () => {
    const at = (from: number, to: number) => ({ from: now - from * H, to: now - to * H, reason: 'asleep' })
    const sides = (...gaps: ReturnType<typeof at>[]) => placed(holes(gaps, now), 960, () => 100)
    expect(sides(at(12, 11))).toEqual(['right'])
    expect(sides(at(12, 8))).toEqual(['inside'])
    expect(sides(at(2, 1))).toEqual(['left'])
    // Close together: not on one another, and not on a gap.
    expect(sides(at(9, 8.7), at(8, 7.7), at(7, 6.7))).toEqual(['left', null, 'right'])
    expect(sides(at(3, 2.8), at(2, 1.8), at(1, 0))).toEqual(['left', null, null])
    expect(sides(at(12, 11), at(6, 5), at(2, 1))).toEqual(['right', 'left', 'left'])
  })
  it('as one line joins what overlaps', () => {
    const other = { from: now - 11.8 * H, to: now - 11 * H, reason: 'proxy' }
    const line = merged([topic('listening', 0, [asleep]), topic('listening', 0, [other], 'audit')], now)
    expect(line).toHaveLength(1)
    expect(line[0]?.width).toBeCloseTo(1 / 24)
    expect(line[0]?.to).toBe(now - 11 * H)
  })
  it('has its hours by the wall clock, midnight with its day', () => {
    const marks = hours(now)
    expect(marks.map((mark) => mark.text)).toEqual(['15', '18', '21', 'Tue 00', '03', '06', '09', '12'])
    const midnight = new Date(2025, 10, 18).getTime()
    expect(marks[3]?.at).toBeCloseTo((midnight - (now - DAY)) / DAY)
  })
})

describe('the list', () => {
  const row = (id: string, severity: Severity, state: AlertState, fired: number): AlertRow =>
    ({ id, severity, state, fired, since: fired, resolved: null }) as AlertRow
  const rows = [
    row('old', 'warning', 'firing', 1),
    row('quiet', 'critical', 'acknowledged', 9),
    row('new', 'warning', 'firing', 2),
    row('worst', 'critical', 'firing', 0),
  ]
  it('has what needs you first', () => {
    expect(arrange(rows, 'severity').map((one) => one.id)).toEqual(['worst', 'quiet', 'new', 'old'])
    expect(arrange(rows, 'time').map((one) => one.id)).toEqual(['quiet', 'new', 'old', 'worst'])
  })
  it('keeps what is of one rule or of one device together, the most urgent first', () => {
    const of = (id: string, rule: string, key: string): AlertRow => ({ ...(rows.find((one) => one.id === id) as AlertRow), rule, key })
    const placed = [of('old', 'flood', 'ap-1'), of('quiet', 'rogue', 'ap-2'), of('new', 'rogue', 'ap-1'), of('worst', 'flood', 'ap-2')]
    expect(arrange(placed, 'rule').map((one) => one.id)).toEqual(['worst', 'old', 'quiet', 'new'])
    expect(arrange(placed, 'device').map((one) => one.id)).toEqual(['worst', 'quiet', 'new', 'old'])
  })
})

describe('the timeline', () => {
  const entry = (time: number, change: string, reason = '', event: string | null = null): TimelineEntry => ({ time, change, reason, event })
  it('tells a cause and its pop-up as one, in either order', () => {
    const lines = moments([
      entry(20_000, 'suppressed', 'quiet hours'),
      entry(20_000, 'reminded'),
      entry(10_000, 'fired', '5th match within 10 min', '7.0'),
      entry(10_000, 'notified'),
      entry(1_000, 'pending', '1 of 5'),
    ])
    expect(lines.map((line) => [line.title, line.reason, line.sign])).toEqual([
      ['Reminder withheld', 'Quiet hours', 'withheld'],
      ['Fired, pop-up sent', '5th match within 10 min', 'fired'],
      ['First match, waiting', '1 of 5', 'pending'],
    ])
    expect(lines[1]).toMatchObject({ loud: true, event: '7.0' })
  })
  it('does not join what is far apart', () => {
    expect(moments([entry(60_000, 'notified'), entry(10_000, 'fired')])).toHaveLength(2)
  })
  it('counts a run of the same', () => {
    const lines = moments([
      entry(9_000, 'suppressed', 'already on screen'),
      entry(6_000, 'suppressed', 'already on screen'),
      entry(3_000, 'suppressed', 'already on screen'),
      entry(0, 'suppressed', 'snoozed'),
    ])
    expect(lines.map((line) => line.title)).toEqual(['Pop-up withheld, 3 times', 'Pop-up withheld'])
  })
  it('tells of the matches that have no lines of their own', () => {
    const row = (matches: number, fired: number | null): AlertRow => ({ matches, fired, last: 50 }) as AlertRow
    expect(counting(row(1, 5))).toBeUndefined()
    expect(counting(row(2, 5))).toMatchObject({ time: 50, title: '×2 counted' })
    expect(counting(row(17, 5))?.title).toBe('×2 to ×17 counted')
    expect(counting(row(3, null))?.reason).toBe('Not lasting long enough yet')
  })
  it('tells of a pop-up that could not be shown', () => {
    const [line] = moments([entry(9, 'failed', 'No notification service runs on this desktop.'), entry(8, 'fired')])
    expect(line).toMatchObject({
      title: 'Fired, pop-up could not be shown',
      reason: 'No notification service runs on this desktop',
      loud: false,
    })
  })
  it('tells what was said of it, and that it was taken back', () => {
    const lines = moments([entry(9, 'unmarked'), entry(8, 'marked-useful'), entry(7, 'marked-noise')])
    expect(lines.map((line) => [line.title, line.sign])).toEqual([
      ['Useful or noise taken back', 'other'],
      ['Marked as useful', 'useful'],
      ['Marked as noise', 'noise'],
    ])
  })
  it('shows a change it does not know by its name', () => {
    expect(moments([entry(0, 'escalated')])[0]?.title).toBe('escalated')
  })
})

it('knows three widths', () => {
  expect([640, 899, 900, 1179, 1180].map(widthFor)).toEqual(['narrow', 'narrow', 'middle', 'middle', 'wide'])
})
