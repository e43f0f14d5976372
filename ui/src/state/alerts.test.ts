import { beforeEach, describe, expect, it, vi } from 'vitest'

import { useDoor, type AlertRow, type Request } from '../host'
import { acknowledge, isJudged, judge, snooze, snoozeFor } from './alerts.svelte'
import { now } from './now.svelte'
import { undoLatest } from './toasts.svelte'

const row = (id: string, state: AlertRow['state'], snoozed_until: number | null = null): AlertRow =>
  ({ id, state, snoozed_until }) as AlertRow

describe('several alerts at once', () => {
  let asked: Request[]
  beforeEach(() => {
    asked = []
    useDoor({
      async call(request) {
        asked.push(request)
        return { type: 'done' }
      },
      async subscribe() {},
    })
  })
  const after = async (n: number): Promise<Request[]> => {
    await vi.waitFor(() => expect(asked).toHaveLength(n))
    await new Promise((done) => setTimeout(done))
    return asked
  }

  it('are acknowledged in one request, but for those that were, and undone alike', async () => {
    acknowledge([row('a', 'firing'), row('b', 'acknowledged'), row('c', 'snoozed', now.ms + 60_000)])
    expect(await after(1)).toEqual([{ type: 'acknowledge', ids: ['a', 'c'] }])
    expect(undoLatest()).toBe(true)
    expect((await after(2))[1]).toEqual({ type: 'unacknowledge', ids: ['a', 'c'] })
  })
  it('that were snoozed for another time are so again after an undo', async () => {
    snoozeFor(15, [row('a', 'firing'), row('b', 'snoozed', now.ms + 120 * 60_000), row('c', 'resolved'), row('d', 'firing')])
    expect(await after(1)).toEqual([{ type: 'snooze', ids: ['a', 'b', 'd'], minutes: 15 }])
    expect(undoLatest()).toBe(true)
    expect((await after(3)).slice(1)).toEqual([
      { type: 'snooze', ids: ['a', 'd'], minutes: 0 },
      { type: 'snooze', ids: ['b'], minutes: 120 },
    ])
  })
  it('are judged, over or not, and each has what was said of it before after an undo', async () => {
    const said = (id: string, state: AlertRow['state'], verdict: AlertRow['verdict']): AlertRow => ({ ...row(id, state), verdict })
    judge('noise', [
      said('a', 'firing', null),
      said('b', 'resolved', 'useful'),
      said('c', 'acknowledged', 'noise'),
      said('d', 'pending', null),
      said('e', 'silenced', null),
    ])
    expect(await after(1)).toEqual([{ type: 'judge', ids: ['a', 'b', 'e'], verdict: 'noise' }])
    expect(undoLatest()).toBe(true)
    expect((await after(3)).slice(1)).toEqual([
      { type: 'judge', ids: ['a', 'e'], verdict: null },
      { type: 'judge', ids: ['b'], verdict: 'useful' },
    ])
  })
  it('that were all judged so are judged no more, and again after an undo', async () => {
    const said = (id: string, verdict: AlertRow['verdict']): AlertRow => ({ ...row(id, 'firing'), verdict })
    expect(isJudged([said('a', 'useful'), said('b', null)], 'useful')).toBe(false)
    expect(isJudged([row('p', 'pending')], 'useful')).toBe(false)
    judge('useful', [said('a', 'useful'), said('b', 'useful')])
    expect(await after(1)).toEqual([{ type: 'judge', ids: ['a', 'b'], verdict: null }])
    expect(undoLatest()).toBe(true)
    expect((await after(2))[1]).toEqual({ type: 'judge', ids: ['a', 'b'], verdict: 'useful' })
    judge('useful', [row('p', 'pending')])
    await new Promise((done) => setTimeout(done))
    expect(asked).toHaveLength(2)
  })
  it('that are woken sleep as long as they would have after an undo', async () => {
    snooze([row('a', 'snoozed', now.ms + 30 * 60_000), row('b', 'snoozed', now.ms + 90 * 60_000)])
    expect(await after(1)).toEqual([{ type: 'snooze', ids: ['a', 'b'], minutes: 0 }])
    expect(undoLatest()).toBe(true)
    expect((await after(3)).slice(1)).toEqual([
      { type: 'snooze', ids: ['a'], minutes: 30 },
      { type: 'snooze', ids: ['b'], minutes: 90 },
    ])
  })
})
