import { describe, expect, it } from 'vitest'
import type { TopicStatus } from '../../host'
import { nth } from '../../text/connections'
import { gapWords, stateWords } from './words'

const now = new Date(2025, 10, 18, 14, 32).getTime()
const topic = (change: Partial<TopicStatus>): TopicStatus => ({
  topic: 'audit', phase: 'listening', since: now - 60_000, retry_at: null, tries: 0, problem: null, last_event: null,
  rate: 0, minutes: [], begun: null, gaps: [], ...change,
})

it('counts tries', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102].map(nth)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd'])
})

describe('states', () => {
  it('say when the next try is', () => {
    const waiting = topic({ phase: 'reconnecting', tries: 3, retry_at: now + 8_000 })
    expect(stateWords(waiting, 'reconnecting', now)).toEqual({ word: 'Reconnecting', more: '3rd try in 8 s' })
    expect(stateWords(waiting, 'deaf', now).word).toBe('Deaf')
    expect(stateWords({ ...waiting, retry_at: now - 5 }, 'deaf', now).more).toBe('3rd try now')
  })
  it('say since when', () => {
    expect(stateWords(topic({}), 'listening', now)).toEqual({ word: 'Listening', more: 'since 14:31:00' })
  })
})

describe('gaps', () => {
  it('are counted and summed, and cut at 24 h', () => {
    const hour = 3_600_000
    expect(gapWords(topic({}), now)).toBe('no gap')
    expect(gapWords(topic({ gaps: [{ from: now - 2 * hour, to: now - hour, reason: '' }] }), now)).toBe('1 gap, 1 h')
    expect(gapWords(topic({ gaps: [{ from: now - 90 * hour, to: null, reason: '' }] }), now)).toBe('not listening all day')
  })
})
