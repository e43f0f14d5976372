// The views there are, in the order of the rail. A new view: one line here, its name and key in `keys/actions.ts`,
// its words in `text/en.ts`.
import Activity from '@lucide/svelte/icons/activity'
import Bell from '@lucide/svelte/icons/bell'
import type { Component } from 'svelte'

import type { ActionId } from '../keys/actions'
import type { View } from '../state/nav.svelte'
import Alerts from './alerts/Alerts.svelte'
import Live from './live/Live.svelte'

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
]

/** What is shown instead of everything else until there is an account or a demo; none while it is being written. */
export const FirstRun = null as Component | null
