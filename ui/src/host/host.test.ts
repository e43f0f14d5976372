import { describe, expect, it, vi } from 'vitest'

import { host, HostError, onPush, subscribe, useDoor, type Push, type Request, type Response } from '.'

function door(answer: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = []
  let push: (pushes: Push[]) => void = () => undefined
  useDoor({
    async call(request) {
      asked.push(request)
      return answer(request)
    },
    async subscribe(take) {
      push = take
    },
  })
  return { asked, push: (pushes: Push[]) => push(pushes) }
}

describe('a request', () => {
  it('goes out as the engine names it, and comes back as its value', async () => {
    const { asked } = door((request) =>
      request.type === 'alerts'
        ? { type: 'alerts', value: { alerts: [], active: 1, resolved: 2, all: 3 } }
        : { type: 'done' },
    )
    expect(await host.alerts('active', 'rogue', 500)).toEqual({ alerts: [], active: 1, resolved: 2, all: 3 })
    await host.snooze(['a'], 60)
    expect(asked).toEqual([
      { type: 'alerts', tab: 'active', text: 'rogue', limit: 500 },
      { type: 'snooze', ids: ['a'], minutes: 60 },
    ])
  })
  it('rejects with what happened and what to do', async () => {
    door(() => {
      throw { code: 'keyring-locked', message: 'The keyring is locked.', help: 'Unlock it.' }
    })
    const error = await host.askForKey().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(HostError)
    expect((error as HostError).code).toBe('keyring-locked')
    expect((error as HostError).sentence).toBe('The keyring is locked. Unlock it.')
  })
  it('rejects an answer of another kind, and whatever else is thrown', async () => {
    door(() => ({ type: 'done' }))
    await expect(host.rules()).rejects.toMatchObject({ code: 'unexpected-answer' })
    door(() => Promise.reject('gone'))
    await expect(host.rules()).rejects.toMatchObject({ code: 'unknown', message: 'gone' })
  })
  it('tells a saved rule from one that changed meanwhile', async () => {
    door(() => ({ type: 'conflict', value: { theirs: 'text', hash: 'h' } }))
    expect(await host.saveRule('a', 'b', 'c')).toEqual({ type: 'conflict', value: { theirs: 'text', hash: 'h' } })
    door(() => ({ type: 'deleted', value: { text: 'was', cases: null } }))
    expect(await host.deleteRule('a')).toEqual({ text: 'was', cases: null })
  })
})

it('hands each push to those who listen for its type, until they stop', async () => {
  const { push } = door(() => ({ type: 'done' }))
  const rules = vi.fn()
  const open = vi.fn()
  const stop = onPush('rules_changed', rules)
  onPush('open_alert', open)
  await subscribe()
  push([{ type: 'rules_changed' }, { type: 'open_alert', value: { id: 'a1', account: null } }])
  stop()
  push([{ type: 'rules_changed' }])
  expect(rules).toHaveBeenCalledTimes(1)
  expect(open).toHaveBeenCalledWith({ type: 'open_alert', value: { id: 'a1', account: null } })
})
