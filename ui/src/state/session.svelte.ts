// What every view needs to know: the mode, the settings, how things stand.
import { host, onPush, subscribe, type AppState, type HostError, type Settings, type Status } from '../host'
import { asHostError } from '../host/error'
import { whole, type Whole } from './hearing'
import { measure } from './layout.svelte'
import { now } from './now.svelte'
import { wear } from './theme'
import { sayFailed } from './toasts.svelte'

let app = $state<AppState | null>(null)
let status = $state<Status | null>(null)
let failed = $state<HostError | null>(null)
const hearing = $derived(whole(status, now.ms))

export const session = {
  /** The window's first picture, kept up to date; null until it came. */
  get app(): AppState | null {
    return app
  },
  get status(): Status | null {
    return status
  },
  /** What is heard and what is not. */
  get hearing(): Whole {
    return hearing
  },
  /** Why the window cannot reach the engine. */
  get failed(): HostError | null {
    return failed
  },
}

/** Puts the theme and the text size into effect. */
function dress(settings: Settings): void {
  const root = document.documentElement
  wear(settings.theme)
  root.style.setProperty('--text-scale', String(settings.text_size / 100))
  measure()
}

/** Takes an answer that tells the whole state (connect, demo, …). */
export function adopt(state: AppState): void {
  app = state
  status = state.status
  failed = null
  dress(state.settings)
}

/** Asks for the whole state again. */
export async function refresh(): Promise<void> {
  try {
    adopt(await host.state())
  } catch (error) {
    failed = asHostError(error)
  }
}

/** Changes settings, at once in the window and then in the engine; taken back if that fails. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  if (!app) return
  const before = app.settings
  const settings = { ...before, ...change }
  app.settings = settings
  dress(settings)
  try {
    await host.saveSettings(settings)
  } catch (error) {
    app.settings = before
    dress(before)
    sayFailed(error)
  }
}

/** Text grows and shrinks in these steps, in percent. */
const SIZES = [100, 110, 125, 150, 175, 200]

/** One step larger (1) or smaller (-1), or back to normal (0). */
export function changeTextSize(step: -1 | 0 | 1): void {
  const size = app?.settings.text_size ?? 100
  const at = SIZES.findLastIndex((one) => one <= size)
  const next = step === 0 ? 100 : (SIZES[Math.max(0, Math.min(SIZES.length - 1, at + step))] ?? 100)
  if (next !== size) void changeSettings({ text_size: next })
}

/** Begins: hears pushes and asks for the first picture. */
export async function begin(): Promise<void> {
  onPush('status', (push) => (status = push.value))
  onPush('state_changed', () => void refresh())
  try {
    await subscribe()
  } catch (error) {
    failed = asHostError(error)
    return
  }
  await refresh()
}
