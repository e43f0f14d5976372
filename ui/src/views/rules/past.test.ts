import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HostError, type BacktestEnd, type BacktestFire, type BacktestNews, type Push } from '../../host'
import { Draft } from './drafts.svelte'
import { daysOf } from './past'
import { Past } from './past.svelte'

const hour = 3_600_000
const noon = new Date(2025, 10, 18, 12).getTime()
const fire = (time: number): BacktestFire => ({ time, key: 'a', severity: 'info', title: '', body: '', event: null, resolved: null, reminders: 0, popups: 1, withheld: '' })
const side = (fires: BacktestFire[]) => ({ fires, fired: fires.length, popups: fires.length, popups_a_day: 1, cannot_tell: 0, failed: 0, trouble: '' })
const end = (more: Partial<BacktestEnd> = {}): BacktestEnd => ({
  problem: null, cancelled: false, from: noon - 30 * hour, to: noon, deaf: [], now: side([]), saved: null,
  gained: [], lost: [], changed: [], gained_count: 0, lost_count: 0, changed_count: 0, same: 0, ...more,
})

describe('the days', () => {
  it('show what was not heard on each day that it touches, and no further than the stretch', () => {
    const days = daysOf(end({
      deaf: [
        { from: noon - 40 * hour, to: noon - 29 * hour, reason: 'asleep' },
        { from: noon - 13 * hour, to: noon - 11 * hour, reason: 'lost' },
        { from: noon - 1 * hour, to: null, reason: 'off' },
      ],
    }))
    const told = days.map((day) => day.deaf.map((gap) => [gap.reason, Math.round(gap.from * 24), Math.round(gap.to * 24)]))
    expect(told).toEqual([[['asleep', 6, 7], ['lost', 23, 24]], [['lost', 0, 1], ['off', 11, 12]]])
  })

  it('are the last 31 of a long log, with the fires of those', () => {
    const long = end({ from: noon - 60 * 24 * hour, now: side([fire(noon - 50 * 24 * hour), fire(noon - hour)]) })
    const days = daysOf(long)
    expect(days).toHaveLength(31)
    expect(days.at(-1)?.dots).toHaveLength(1)
    expect(days.reduce((sum, day) => sum + day.dots.length, 0)).toBe(1)
  })
})

const { asked, take } = vi.hoisted(() => ({
  asked: vi.fn<(run: number, name: string, text: string, from: number | null) => Promise<void>>(),
  take: { hear: (_: Push) => {} },
}))
vi.mock('../../host', async (real) => ({
  ...(await real<object>()),
  host: { backtest: asked, stopBacktest: async () => {} },
  onPush: (_: string, to: (push: Push) => void) => ((take.hear = to), () => {}),
}))

describe('typing', () => {
  const news = (run: number, more: Partial<BacktestNews>): void =>
    take.hear({ type: 'backtest', value: { run, share: 1, at: 0, events: 5, fired: 0, fires: [], end: null, ...more } })
  let past: Past
  let draft: Draft
  const type = (text: string): void => {
    draft.text = text
    past.follow(draft)
  }
  const lastRun = (): number => asked.mock.calls.at(-1)?.[0] ?? 0
  beforeEach(() => {
    vi.useFakeTimers()
    asked.mockReset().mockResolvedValue()
    past = new Past()
    past.open()
    draft = new Draft('security/a', 'one')
  })
  afterEach(() => vi.useRealTimers())

  it('plays the text again almost at once where that was quick', async () => {
    past.follow(draft)
    await vi.advanceTimersByTimeAsync(0)
    news(lastRun(), { end: end() })
    type('two')
    await vi.advanceTimersByTimeAsync(60)
    expect(asked.mock.calls.map((call) => call[2])).toEqual(['one', 'two'])
    expect(past.waiting).toBe(false)
  })

  it('tells how far it is only when it takes long, and then waits for a rest in the typing', async () => {
    past.follow(draft)
    await vi.advanceTimersByTimeAsync(250)
    expect(past.waiting).toBe(true)
    news(lastRun(), { end: end() })
    expect([past.waiting, past.running]).toEqual([false, false])
    type('two')
    await vi.advanceTimersByTimeAsync(100)
    type('three')
    await vi.advanceTimersByTimeAsync(450)
    expect(asked.mock.calls.map((call) => call[2])).toEqual(['one', 'three'])
  })

  it('keeps what was found while the text is no rule', async () => {
    past.follow(draft)
    await vi.advanceTimersByTimeAsync(0)
    news(lastRun(), { end: end({ same: 7 }) })
    asked.mockRejectedValueOnce(new HostError('rule-errors', 'It has errors.'))
    type('half')
    await vi.advanceTimersByTimeAsync(60)
    expect([past.end?.same, past.failed, past.running]).toEqual([7, '', false])
    asked.mockRejectedValueOnce(new HostError('file', 'The disk is gone.'))
    type('whole')
    await vi.advanceTimersByTimeAsync(60)
    expect([past.end, past.failed]).toEqual([null, 'The disk is gone.'])
  })

  it('looks as far back as was chosen', async () => {
    const now = Date.now()
    const from = (): number | null | undefined => asked.mock.calls.at(-1)?.[3]
    past.follow(draft)
    await vi.advanceTimersByTimeAsync(0)
    expect(from()).toBe(now - 7 * 24 * hour)
    past.stretch = 'all'
    past.follow(draft)
    await vi.advanceTimersByTimeAsync(0)
    expect(from()).toBe(null)
    past.stretch = 'day'
    past.follow(draft)
    await vi.advanceTimersByTimeAsync(0)
    expect(from()).toBe(now - 24 * hour)
  })
})
