import { mount, tick, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'

import { useDoor, type AlertRow } from '../../host'
import { run, standing } from '../../keys/dispatch.svelte'
import { tips } from '../../lib/tip.svelte'
import { alerts, pick, reload } from '../../state/alerts.svelte'
import Alerts from './Alerts.svelte'

const row: AlertRow = {
  id: 'a', rule: 'security/r', key: 'k', severity: 'warning', state: 'firing', title: 'T', body: '', topic: 'security',
  kind: 'security.rogue', since: 1, fired: 1, last: 1, resolved: null, snoozed_until: null, silence: null, fires_at: null,
  matches: 1, verdict: null,
}

it('picks none at Escape, and says that key on the button that does the same', async () => {
  useDoor({
    async call(request) {
      if (request.type !== 'alerts') throw { code: 'no', message: 'Not here.', help: '' }
      return { type: 'alerts', value: { alerts: [row], active: 1, resolved: 0, all: 1 } }
    },
    async subscribe() {},
  })
  await reload()
  const shown = mount(Alerts, { target: document.body })
  await tick()
  expect(standing('alerts.back')).toBeUndefined()
  pick('a')
  await tick()
  vi.useFakeTimers()
  document.querySelector('.picked button:last-child')!.dispatchEvent(new Event('pointerenter'))
  vi.advanceTimersByTime(2_000)
  vi.useRealTimers()
  expect(tips.shown?.combo).toBe('Escape')
  expect(run('alerts.back')).toBe(true)
  expect(alerts.picked.size).toBe(0)
  await tick()
  expect(document.querySelector('.picked')).toBeNull()
  await unmount(shown)
})
