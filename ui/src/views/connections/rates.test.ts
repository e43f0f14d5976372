import { describe, expect, it } from 'vitest'

import type { TopicStatus } from '../../host'
import { bounds, hourOf, whatAt } from './rates'

const M = 60_000
/** 14:32:30. */
const now = new Date(2025, 10, 18, 14, 32, 30).getTime()
const full = now - 30_000
const topic = (minutes: (number | null)[], gaps: TopicStatus['gaps'] = []): TopicStatus => ({ topic: 'audit', minutes, gaps }) as unknown as TopicStatus
const hour = (change: Record<number, number | null>, gaps: TopicStatus['gaps'] = []) =>
  hourOf(topic(Array.from({ length: 60 }, (_, i) => (i in change ? change[i]! : 5)), gaps), now)

describe('the last hour', () => {
  it('leaves out the minute under way, which would look like a fall', () => {
    const one = hour({ 59: 1 })
    expect(one.counts).toHaveLength(59)
    expect(one.times.at(-1)).toBe(full - M)
    expect([one.from, one.to]).toEqual([full - 59 * M, now])
    expect(bounds(one)).toEqual([5, 5])
  })
  it('does not draw what was not heard as nothing, nor what was not counted', () => {
    const gaps = [
      { from: full - 40 * M + 10_000, to: full - 38 * M + 20_000, reason: 'asleep' },
      { from: full - 3 * M, to: null, reason: 'the proxy closed it' },
    ]
    const one = hour({ 0: null, 19: 2, 20: 0, 21: 0, 40: 0, 56: 0, 57: 0, 58: 0 }, gaps)
    expect(one.counts[0]).toBeNull()
    // Something came before it fell asleep; nothing is known of the rest.
    expect([one.counts[19], one.counts[20], one.counts[21]]).toEqual([2, null, null])
    expect(one.counts[40]).toBe(0)
    expect(one.counts.slice(56)).toEqual([null, null, null])
    expect(one.holes.map((hole) => [hole.from, hole.to])).toEqual([
      [gaps[0]!.from, gaps[0]!.to],
      [full - 3 * M, now],
    ])
  })
  it('tells what stands at a moment', () => {
    const one = hour({ 0: null, 10: 17, 20: 0 }, [{ from: full - 39 * M, to: full - 38 * M, reason: 'asleep' }])
    expect(whatAt(one, one.from + 10 * M + 59_999)).toEqual({ minute: one.from + 10 * M, count: 17 })
    expect(whatAt(one, one.from + 20 * M + 1)).toMatchObject({ hole: { reason: 'asleep' } })
    expect(whatAt(one, one.from + 1)).toBeNull()
    expect(whatAt(one, now)).toBeNull()
    expect(bounds(hourOf(topic(Array.from({ length: 60 }, () => null)), now))).toBeNull()
  })
})
