// Several accounts: which there are, which one is listened to, and the way to another.
import { tick } from 'svelte'

import { host, onPush, type AccountRow } from '../host'
import { en } from '../text/en'
import { visible } from '../text/visible'
import { goAlert, guarded } from './nav.svelte'
import { adopt, refresh, session } from './session.svelte'
import { say, sayFailed, sayWith } from './toasts.svelte'

let switching = $state<AccountRow | null>(null)

const list = $derived(session.app?.accounts ?? [])
const active = $derived(list.find((row) => row.id === session.app?.active) ?? null)

export const accounts = {
  /** In the order in which they were added. */
  get list(): readonly AccountRow[] {
    return list
  },
  /** The one that is listened to; null in the demo and on the first run. */
  get active(): AccountRow | null {
    return active
  },
  /** Whether there is another to switch to. */
  get several(): boolean {
    return list.some((row) => row.id !== active?.id)
  },
  /** The one that is being switched to, until it is there. */
  get switching(): AccountRow | null {
    return switching
  },
}

/** Listens to another account, unless unsaved text stands in the way; `then` is done once its log is open. */
export function switchTo(row: AccountRow, then?: () => void): void {
  guarded(() => void change(row, then))
}

async function change(row: AccountRow, then?: () => void): Promise<void> {
  if (switching) return
  if (row.id === active?.id) {
    then?.()
    return
  }
  switching = row
  try {
    adopt(await host.switchAccount(row.id))
    say(en.accounts.switched(visible(row.name)))
    // What showed the other account has let it go by then.
    await tick()
    then?.()
  } catch (error) {
    sayFailed(error, () => switchTo(row, then))
  } finally {
    switching = null
  }
}

/** Forgets an account. */
export async function forget(row: AccountRow): Promise<void> {
  try {
    adopt(await host.forgetAccount(row.id))
  } catch (error) {
    sayFailed(error)
  }
}

/** Shows alerts that are asked for from outside the window; the returned function stops. */
export function followSummons(): () => void {
  return onPush('open_alert', ({ value }) => void summoned(value.id, value.account))
}

async function summoned(id: string, account: string | null): Promise<void> {
  if (account === null) return goAlert(id)
  if (!session.app) await refresh()
  const row = list.find((one) => one.id === account)
  if (!row) say(en.accounts.alertOfNone)
  else if (row.id === active?.id) goAlert(id)
  else sayWith(en.accounts.alertOf(visible(row.name)), en.accounts.switch, () => switchTo(row, () => goAlert(id)))
}
