import { mount, tick, unmount } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { useDoor, type AlertRow, type Request } from '../../host'
import { run, standing } from '../../keys/dispatch.svelte'
import { tips } from '../../lib/tip.svelte'
import { pick, reload } from '../../state/alerts.svelte'
import { go, nav } from '../../state/nav.svelte'
import Alerts from './Alerts.svelte'

const row = (id: string, over: Partial<AlertRow> = {}): AlertRow => ({
  id, rule: 'security/r', key: id, severity: 'warning', state: 'firing', title: `Title ${id}`, body: '', topic: 'security',
  kind: 'security.rogue', since: 1, fired: 1, last: 1, resolved: null, snoozed_until: null, silence: null, fires_at: null,
  matches: 1, verdict: null, ...over,
})

let rows: AlertRow[]
let asked: Request[]
let shown: ReturnType<typeof mount>

beforeEach(async () => {
  asked = []
  rows = [row('a'), row('b', { verdict: 'noise' }), row('c', { state: 'pending', fired: null })]
  useDoor({
    async call(request) {
      if (request.type === 'alerts') return { type: 'alerts', value: { alerts: rows, active: rows.length, resolved: 0, all: rows.length } }
      if (request.type === 'alert') {
        const found = rows.find((one) => one.id === request.id)!
        return { type: 'alert', value: { row: found, what_to_do: '', timeline: [], sent: 0, withheld: 0, event: null } }
      }
      if (request.type === 'judge') asked.push(request)
      return { type: 'done' }
    },
    async subscribe() {},
  })
  nav.alert = 'a'
  await reload()
  shown = mount(Alerts, { target: document.body })
  await settled()
})
afterEach(async () => {
  await unmount(shown)
  nav.alert = null
  nav.caseOf = null
  nav.rule = null
  go('alerts')
})

async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done))
  await tick()
}
const button = (name: string): HTMLButtonElement => document.querySelector(`article.detail button[aria-label="${name}"]`)!

it('has two buttons for it, whose tooltips say the key, and the keys do the same', async () => {
  vi.useFakeTimers()
  for (const [name, words, key] of [
    ['Useful', 'It was useful, or take that back', '+'],
    ['Noise', 'It was noise, or take that back', '-'],
  ] as const) {
    expect(button(name).getAttribute('aria-pressed')).toBe('false')
    button(name).dispatchEvent(new Event('pointerenter'))
    vi.advanceTimersByTime(2_000)
    expect([tips.shown?.lines, tips.shown?.combo]).toEqual([[words], key])
    button(name).dispatchEvent(new Event('pointerleave'))
  }
  vi.useRealTimers()
  button('Noise').click()
  expect(run('alerts.useful')).toBe(true)
  await settled()
  expect(asked).toEqual([
    { type: 'judge', ids: ['a'], verdict: 'noise' },
    { type: 'judge', ids: ['a'], verdict: 'useful' },
  ])
})

it('presses the button of what was said, which then takes it back', async () => {
  nav.alert = 'b'
  await settled()
  expect(button('Noise').getAttribute('aria-pressed')).toBe('true')
  expect(standing('alerts.noise')?.about?.()).toBe('Take back what you said')
  button('Noise').click()
  await settled()
  expect(asked).toEqual([{ type: 'judge', ids: ['b'], verdict: null }])
})

it('shows it in the row by a word and to a screen reader', () => {
  const said = [...document.querySelectorAll('[role=option]')].map((one) => [one.querySelector('.said')?.textContent?.trim(), one.getAttribute('aria-label')])
  expect(said).toContainEqual(['Noise', 'Warning, Firing: Title b, Noise'])
  expect(said).toContainEqual([undefined, 'Warning, Firing: Title a'])
})

it('is not asked of an alert that has not fired', async () => {
  nav.alert = 'c'
  await settled()
  expect(button('Useful')).toBeNull()
  expect(standing('alerts.useful')).toBeUndefined()
  expect(standing('alerts.case')).toBeUndefined()
})

it('is about all that are picked', async () => {
  pick('a')
  pick('b')
  await settled()
  document.querySelector<HTMLButtonElement>('.picked button[aria-label="Noise"]')!.click()
  await settled()
  expect(asked).toEqual([{ type: 'judge', ids: ['a'], verdict: 'noise' }])
})

it('makes a case of an alert for its rule', () => {
  expect(run('alerts.case')).toBe(true)
  expect([nav.view, nav.rule, nav.caseOf?.id]).toEqual(['rules', 'security/r', 'a'])
})
