// The views there are, in the order of the rail. A new view: one line here, its name and key in `keys/actions.ts`,
// its words in `text/en.ts`.
import Activity from '@lucide/svelte/icons/activity'
import Bell from '@lucide/svelte/icons/bell'
import Cable from '@lucide/svelte/icons/cable'
import FileCode from '@lucide/svelte/icons/file-code'
import HistoryIcon from '@lucide/svelte/icons/history'
import Settings2 from '@lucide/svelte/icons/settings'
import type { Component } from 'svelte'

import type { ActionId } from '../keys/actions'
import type { View } from '../state/nav.svelte'
import Alerts from './alerts/Alerts.svelte'
import Connections from './connections/Connections.svelte'
import First from './first-run/FirstRun.svelte'
import History from './history/History.svelte'
import Live from './live/Live.svelte'
import Rules from './rules/Rules.svelte'
import Settings from './settings/Settings.svelte'

export interface Place {
  id: View
  icon: Component
  action: ActionId
  component: Component
  /** At the rail's foot. */
  foot?: boolean
}

export const places: readonly Place[] = [
  { id: 'alerts', icon: Bell, action: 'go.alerts', component: Alerts },
  { id: 'live', icon: Activity, action: 'go.live', component: Live },
  { id: 'rules', icon: FileCode, action: 'go.rules', component: Rules },
  { id: 'connections', icon: Cable, action: 'go.connections', component: Connections },
  { id: 'history', icon: HistoryIcon, action: 'go.history', component: History },
  { id: 'settings', icon: Settings2, action: 'go.settings', component: Settings, foot: true },
]

/** What is shown instead of everything else until there is an account or a demo. */
export const FirstRun: Component = First
