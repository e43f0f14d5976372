import { beforeEach, describe, expect, it, vi } from 'vitest'

import { useDoor, type AlertRow, type Request } from '../host'
import { acknowledge, snooze, snoozeFor } from './alerts.svelte'
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
