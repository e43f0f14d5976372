// Which view is open, and what it should show when it opens.
import type { AlertRow, Template } from '../host'

/** The pages of Settings. */
export type SettingsPage = 'notifications' | 'silences' | 'appearance' | 'startup' | 'data' | 'about'

export type View = 'alerts' | 'live' | 'rules' | 'connections' | 'history' | 'settings'

let view = $state<View>('alerts')
let alert = $state<string | null>(null)
let summoned = $state(false)
let rule = $state<string | null>(null)
let event = $state<string | null>(null)
let page = $state<SettingsPage>('notifications')
let begun = $state.raw<Template | null>(null)
let caseOf = $state.raw<AlertRow | null>(null)
let overlay = $state<'palette' | 'keys' | 'accounts' | null>(null)
let guard: ((go: () => void) => boolean) | null = null

function leave(go: () => void): void {
  if (guard && !guard(go)) return
  go()
}

export const nav = {
  get view(): View {
    return view
  },
  /** The alert that is open in Alerts. */
  get alert(): string | null {
    return alert
  },
  set alert(id: string | null) {
    alert = id
  },
  /** Whether that alert was asked for from elsewhere (a pop-up, the palette) and should be shown at once; Alerts takes it. */
  get summoned(): boolean {
    return summoned
  },
  set summoned(is: boolean) {
    summoned = is
  },
  /** The rule that Rules should have open. */
  get rule(): string | null {
    return rule
  },
  set rule(name: string | null) {
    rule = name
  },
  /** The rule that Rules should begin when it opens; Rules takes it. */
  get begun(): Template | null {
    return begun
  },
  set begun(rule: Template | null) {
    begun = rule
  },
  /** The alert that Rules should make a case of, for the rule it opens; Rules takes it. */
  get caseOf(): AlertRow | null {
    return caseOf
  },
  set caseOf(row: AlertRow | null) {
    caseOf = row
  },
  /** The event that Live should show when it opens; Live takes it. */
  get event(): string | null {
    return event
  },
  set event(id: string | null) {
    event = id
  },
  /** The page of Settings that is open. */
  get page(): SettingsPage {
    return page
  },
  set page(to: SettingsPage) {
    page = to
  },
  /** What floats over the whole window. */
  get overlay(): 'palette' | 'keys' | 'accounts' | null {
    return overlay
  },
  set overlay(which: 'palette' | 'keys' | 'accounts' | null) {
    overlay = which
  },
}

/** Does what takes the view's place, unless something unsaved is asked about first. */
export const guarded = (go: () => void): void => leave(go)

/** Opens a view. */
export function go(to: View): void {
  leave(() => (view = to))
}
/** Opens a page of Settings. */
export function goSettings(to: SettingsPage): void {
  leave(() => {
    page = to
    view = 'settings'
  })
}
export function goAlert(id: string): void {
  leave(() => {
    alert = id
    summoned = true
    view = 'alerts'
  })
}
export function goRule(name: string): void {
  leave(() => {
    rule = name
    view = 'rules'
  })
}
/** Opens the rule of an alert with a case more, made of that. */
export function goCase(row: AlertRow): void {
  leave(() => {
    caseOf = row
    rule = row.rule
    view = 'rules'
  })
}
/** Opens the editor with a rule that is not saved yet. */
export function goNewRule(from: Template): void {
  leave(() => {
    begun = from
    view = 'rules'
  })
}
export function goEvent(id: string): void {
  leave(() => {
    event = id
    view = 'live'
  })
}

/**
 * Asked before a view is left: answer true to let go, or false and call the given function later (unsaved text).
 * The returned function takes the guard away.
 */
export function guardLeaving(ask: (go: () => void) => boolean): () => void {
  guard = ask
  return () => {
    if (guard === ask) guard = null
  }
}
