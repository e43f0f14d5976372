import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { subscribe, useDoor, type AppState, type Push, type Request, type Status } from '../../host'
import AccountSwitcher from '../../lib/AccountSwitcher.svelte'
import Palette from '../../lib/Palette.svelte'
import { accounts, followSummons, switchTo } from '../../state/accounts.svelte'
import { alerts, followAlerts } from '../../state/alerts.svelte'
import { guardLeaving, nav } from '../../state/nav.svelte'
import { adopt, session } from '../../state/session.svelte'
import { dismiss, toasts } from '../../state/toasts.svelte'
import ForgetDialog from '../settings/ForgetDialog.svelte'
import AccountList from './AccountList.svelte'

const rows = [
  { id: 'first', name: 'Campus', endpoint: 'a.example' },
  { id: '19a', name: 'Clinic', endpoint: 'b.example' },
  { id: '19b', name: 'c.example', endpoint: 'c.example' },
]
const state = (active: string | null, listed = rows): AppState => ({
  version: '0.1.0',
  mode: active ? 'account' : 'first_run',
  account: active ? { name: 'Campus', endpoint: 'a.example', topics: ['audit'], authority: null, key_place: 'keyring' } : null,
  accounts: listed,
  active,
  settings: { theme: 'light', text_size: 100 } as AppState['settings'],
  status: { topics: [], firing: { critical: 0, warning: 0, info: 0 } } as unknown as Status,
  data_folder: '',
  rules_folder: '',
})

let asked: Request[] = []
let push: (pushes: Push[]) => void = () => undefined
let refuse: string | null = null
const sent = (type: Request['type']): Request[] => asked.filter((request) => request.type === type)

beforeEach(async () => {
  asked = []
  refuse = null
  useDoor({
    call: async (request) => {
      asked.push(request)
      if (request.type === 'switch_account') {
        if (refuse) throw { code: 'in-use', message: refuse, help: '' }
        return { type: 'state', value: state(request.id) }
      }
      if (request.type === 'forget_account') return { type: 'state', value: state('first', rows.filter((row) => row.id !== request.id)) }
      if (request.type === 'state') return { type: 'state', value: state('first') }
      if (request.type === 'rules') return { type: 'rules', value: [] }
      if (request.type === 'alerts') {
        const row = { id: `of ${session.app?.active ?? ''}`, title: 'x', severity: 'info', state: 'firing', since: 0, fired: 0, resolved: null }
        return { type: 'alerts', value: { alerts: [row as never], active: 1, resolved: 0, all: 1 } }
      }
      return { type: 'done' }
    },
    subscribe: (take) => {
      push = take
      return Promise.resolve()
    },
  })
  adopt(state('first'))
  await subscribe()
})
afterEach(() => {
  for (const toast of toasts.list) dismiss(toast.id)
  nav.overlay = null
})

describe('several accounts', () => {
  it('are listed by name and host, with the one that is listened to', async () => {
    render(AccountList, { onforget: () => undefined })
    const items = screen.getAllByRole('listitem').map((item) => item.textContent?.replace(/\s+/g, ' ').trim())
    expect(items[0]).toMatch(/^Campus.*a\.example.*Listened to/)
    expect(items[1]).toMatch(/^Clinic.*b\.example.*Not listened to/)
    expect(items[2]).toMatch(/^c\.example\s+Not listened to/)
    expect(screen.queryByRole('button', { name: 'Switch to Campus' })).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: 'Switch to Clinic' }))
    await waitFor(() => expect(accounts.active?.name).toBe('Clinic'))
    expect(sent('switch_account')).toEqual([{ type: 'switch_account', id: '19a' }])
    expect(toasts.list.at(-1)?.text).toBe('Listening to Clinic')
  })

  it('are switched by their number', async () => {
    nav.overlay = 'accounts'
    render(AccountSwitcher)
    const list = screen.getByRole('listbox', { hidden: true })
    await fireEvent.keyDown(list, { key: '9' })
    expect(nav.overlay).toBe('accounts')
    await fireEvent.keyDown(list, { key: '3' })
    expect(nav.overlay).toBeNull()
    await waitFor(() => expect(accounts.active?.name).toBe('c.example'))
  })

  it('go back and forth by Enter alone', async () => {
    render(AccountSwitcher)
    await fireEvent.keyDown(screen.getByRole('listbox', { hidden: true }), { key: 'Enter' })
    await waitFor(() => expect(accounts.active?.id).toBe('19a'))
  })

  it('are in the palette, the one that is listened to left out', async () => {
    render(Palette)
    await waitFor(() => expect(screen.getByText('Switch to Clinic')).toBeTruthy())
    expect(screen.queryByText('Switch to Campus')).toBeNull()
    await fireEvent.click(screen.getByText('Switch to Clinic'))
    await waitFor(() => expect(accounts.active?.id).toBe('19a'))
  })

  it('keep their alerts apart', async () => {
    let stop = followAlerts()
    await waitFor(() => expect(alerts.rows.map((row) => row.id)).toEqual(['of first']))
    nav.alert = 'of first'
    stop()
    expect([alerts.rows.length, alerts.loaded, nav.alert]).toEqual([0, false, null])
    adopt(state('19a'))
    stop = followAlerts()
    await waitFor(() => expect(alerts.rows.map((row) => row.id)).toEqual(['of 19a']))
    stop()
  })

  it('wait for text that is not saved', async () => {
    let goOn: () => void = () => undefined
    const stop = guardLeaving((go) => {
      goOn = go
      return false
    })
    switchTo(rows[1]!)
    await tick()
    expect(sent('switch_account')).toEqual([])
    goOn()
    await waitFor(() => expect(accounts.active?.id).toBe('19a'))
    stop()
  })

  it('say why one could not be switched to, and stay', async () => {
    refuse = 'Another Tocsin has it open.'
    switchTo(rows[1]!)
    await waitFor(() => expect(toasts.list.at(-1)?.text).toContain('Another Tocsin has it open.'))
    expect([accounts.active?.id, accounts.switching]).toEqual(['first', null])
  })
})

describe('an alert that is asked for from a pop-up', () => {
  it('opens if it is of this account, else offers the switch and then opens', async () => {
    const stop = followSummons()
    push([{ type: 'open_alert', value: { id: 'a1', account: null } }])
    await waitFor(() => expect(nav.alert).toBe('a1'))
    push([{ type: 'open_alert', value: { id: 'b7', account: '19a' } }])
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe('This alert belongs to Clinic, which is not listened to now.'))
    expect(nav.alert).toBe('a1')
    toasts.list.at(-1)?.action?.run()
    await waitFor(() => expect(nav.alert).toBe('b7'))
    expect(accounts.active?.id).toBe('19a')
    push([{ type: 'open_alert', value: { id: 'c1', account: 'demo' } }])
    await waitFor(() => expect(toasts.list.at(-1)?.text).toMatch(/that is gone/))
    stop()
  })
})

describe('forgetting an account', () => {
  it('says what is deleted and who is listened to next', () => {
    render(ForgetDialog, { row: rows[0]!, onclose: () => undefined, onforget: () => undefined })
    expect(screen.getByText(/Its key is taken out of this computer’s keyring/)).toBeTruthy()
    expect(screen.getByText(/Its log is deleted/)).toBeTruthy()
    expect(screen.getByText('Clinic is listened to next.')).toBeTruthy()
  })

  it('says that nothing is listened to after the last', () => {
    adopt(state('first', rows.slice(0, 1)))
    render(ForgetDialog, { row: rows[0]!, onclose: () => undefined, onforget: () => undefined })
    expect(screen.getByText(/Tocsin then listens to nothing/)).toBeTruthy()
  })
})
