import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useDoor, type AlertRow, type Matchers, type Request, type SilencePreview } from '../../host'
import { setNow } from '../../state/now.svelte'
import { allMatchersOf, asksNothing, beginFrom, beginFromAll, beginNew, endDraft, matchersOf, shortly, silences, type Draft } from '../../state/silences.svelte'
import { toasts, undoLatest, dismiss } from '../../state/toasts.svelte'
import SilenceDialog from './SilenceDialog.svelte'

/** Tuesday, 14:32. */
const now = new Date(2025, 10, 18, 14, 32).getTime()
const row = (change: Partial<AlertRow> = {}): AlertRow => ({
  id: 'a2',
  rule: 'security/deauth-attack',
  key: 'ap-lib-2f-07',
  severity: 'warning',
  state: 'firing',
  title: 'Deauthentication near ap-lib-2f-07',
  body: '',
  topic: 'security',
  kind: 'security.wids',
  since: now - 60_000,
  fired: now - 60_000,
  last: now,
  resolved: null,
  snoozed_until: null,
  silence: null,
  fires_at: null,
  matches: 3,
  verdict: null,
  ...change,
})

let asked: Request[] = []
const sent = (type: Request['type']): Request[] => asked.filter((request) => request.type === type)
const preview = (m: Matchers): SilencePreview => ({
  hidden: m.spare_critical ? 6 : 9,
  of: 40,
  alerts: 2,
  alerts_of: 12,
  critical: m.spare_critical ? 0 : 1,
  shown: [
    { id: 'x', title: 'Evil twin of our SSID', severity: 'critical', time: now - 4 * 86_400_000, verdict: 'useful', hidden: m.spare_critical ? 0 : 1 },
    { id: 'a2', title: 'Deauthentication near ap-lib-2f-07', severity: 'warning', time: now - 60_000, verdict: null, hidden: 2 },
  ],
  deaf: [],
  since: now - 7 * 86_400_000,
})

beforeEach(() => {
  setNow(now)
  asked = []
  useDoor({
    call: async (request) => {
      asked.push(request)
      if (request.type === 'preview_silence') return { type: 'silence_preview', value: preview(request.matchers) }
      if (request.type === 'silences') {
        const made = sent('silence').flatMap((one) => (one.type === 'silence' ? [one] : []))
        return {
          type: 'silences',
          value: made.map((one, i) => ({ id: String(40 + i), matchers: one.matchers, since: now, until: now, comment: one.comment, by: 'you' })),
        }
      }
      return { type: 'done' }
    },
    subscribe: async () => undefined,
  })
})
afterEach(() => {
  endDraft()
  toasts.list.forEach((toast) => dismiss(toast.id))
})

const begun = (): Draft => silences.draft as Draft

describe('a silence from an alert', () => {
  it('fits a name longer than a pattern may be by its beginning', () => {
    beginFrom(row({ key: '👍'.repeat(300), title: 'short' }))
    expect(silences.draft?.values.key).toBe(`${'👍'.repeat(199)}*`)
    expect(silences.draft?.values.title).toBe('short')
  })
  it('is of exactly that alert, or of its key in every rule with what is critical let through', () => {
    beginFrom(row())
    expect(matchersOf(begun())).toEqual({ rule: 'security/deauth-attack', key: 'ap-lib-2f-07', kind: '', title: '', severity: null, spare_critical: false })
    beginFrom(row(), true)
    expect(matchersOf(begun())).toMatchObject({ rule: '', key: 'ap-lib-2f-07', spare_critical: true })
    beginFrom(row({ severity: 'critical' }), true)
    expect(begun().spareCritical).toBe(false)
    beginNew()
    expect(asksNothing(matchersOf(begun()))).toBe(true)
    expect(shortly({ rule: 'a/*', key: '', kind: '', title: '', severity: 'info', spare_critical: false })).toBe('a/*, info')
  })

  it('is created as it stands, and taken back by its undo', async () => {
    beginFrom(row())
    const onclose = vi.fn()
    render(SilenceDialog, { begun: begun(), onclose })
    await waitFor(() => expect(screen.getByText('Evil twin of our SSID')).toBeTruthy())
    expect(screen.getByText('other critical').parentElement?.textContent).toContain('1')
    // What was critical and useful stands first, and is ringed.
    expect(document.querySelector('tbody tr')?.textContent).toMatch(/Evil twin of our SSID.*Useful/)
    expect(document.querySelectorAll('.would.missed')).toHaveLength(1)
    await fireEvent.click(screen.getByText('Create silence'))
    await waitFor(() => expect(onclose).toHaveBeenCalled())
    expect(sent('silence')).toEqual([
      {
        type: 'silence',
        matchers: { rule: 'security/deauth-attack', key: 'ap-lib-2f-07', kind: '', title: '', severity: null, spare_critical: false },
        minutes: 16 * 60 + 58,
        comment: 'Known: Deauthentication near ap-lib-2f-07',
      },
    ])
    expect(undoLatest()).toBe(true)
    await waitFor(() => expect(sent('end_silence')).toEqual([{ type: 'end_silence', id: '40' }]))
  })

  it('is of exactly each of several, in one dialog, and taken back by one undo', async () => {
    beginFromAll([row()])
    expect(begun().several).toEqual([])
    const others = [row({ id: 'a3', key: 'ap-lib-2f-08' }), row({ id: 'a4', rule: 'audit/login', key: 'mira' })]
    beginFromAll([row(), ...others])
    expect(allMatchersOf(begun()).map((one) => [one.rule, one.key])).toEqual([
      ['security/deauth-attack', 'ap-lib-2f-07'],
      ['security/deauth-attack', 'ap-lib-2f-08'],
      ['audit/login', 'mira'],
    ])
    const onclose = vi.fn()
    render(SilenceDialog, { begun: begun(), onclose })
    // Each says how many it hides, and the past all of them together.
    await waitFor(() => expect(screen.getAllByText(/^9$/).length).toBe(3))
    expect(screen.getByText('would still show 9 of the 27')).toBeTruthy()
    await fireEvent.click(screen.getByText('Create silence'))
    await waitFor(() => expect(onclose).toHaveBeenCalled())
    const made = sent('silence').flatMap((one) => (one.type === 'silence' ? [one] : []))
    expect(made.map((one) => one.matchers.key)).toEqual(['ap-lib-2f-07', 'ap-lib-2f-08', 'mira'])
    expect(new Set(made.map((one) => one.comment))).toEqual(new Set(['Known: Deauthentication near ap-lib-2f-07 and 2 more']))
    expect(undoLatest()).toBe(true)
    await waitFor(() => expect(sent('end_silence').length).toBe(3))
  })

  it('says what is missing, and is not created without it', async () => {
    beginFrom(row())
    render(SilenceDialog, { begun: begun(), onclose: () => undefined })
    await fireEvent.input(screen.getByLabelText('Because'), { target: { value: '  ' } })
    await fireEvent.click(screen.getByLabelText('rule'))
    await fireEvent.click(screen.getByLabelText('key'))
    await fireEvent.input(screen.getByLabelText('Until', { selector: 'input' }), { target: { value: 'never' } })
    await fireEvent.click(screen.getByText('Create silence'))
    const said = screen.getAllByRole('alert', { hidden: true }).map((one) => one.textContent?.trim())
    expect(said).toEqual([
      'Tick what to silence. For everything, tick rule and write *.',
      'Write a moment to come, such as 18:00, tomorrow 07:30, 19 Nov 07:30 or 2 h.',
      'Write why: it stands beside every pop-up that is not shown.',
    ])
    expect(sent('silence')).toEqual([])
  })

  it('says of each condition how many pop-ups it leaves', async () => {
    beginFrom(row())
    render(SilenceDialog, { begun: begun(), onclose: () => undefined })
    await waitFor(() => expect(screen.getAllByText(/^only 9$/).length).toBe(3))
    expect(screen.getAllByText(/^without it 9$/).length).toBe(2)
    expect(screen.getByText('would still show 3 of the 9')).toBeTruthy()
  })
})
