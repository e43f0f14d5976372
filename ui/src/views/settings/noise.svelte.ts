// Changes of the settings against noise, each with its undo, and what the last one would have changed.
import { host, type Noise, type NoisePreview } from '../../host'
import { changeSettings, session } from '../../state/session.svelte'
import { dismiss, say } from '../../state/toasts.svelte'

const none: Noise = { quiet: [], maintenance: [], limits: { rule: 0, all: 0 } }

let past = $state.raw<NoisePreview | null>(null)
/** What the settings before the last change would have withheld. */
let before = $state.raw<number | null>(null)
let toast = 0

export const noise = {
  get now(): Noise {
    return session.app?.settings.noise ?? none
  },
  /** What they would have done in the past week. */
  get past(): NoisePreview | null {
    return past
  },
  /** How many pop-ups more the last change withholds; null without a change. */
  get cost(): number | null {
    return before === null || past === null ? null : withheld(past) - before
  },
}

const withheld = (of: NoisePreview): number => of.withheld.reduce((sum, one) => sum + one.count, 0)

/** Changes some of them at once, and offers to take it back. */
export async function changeNoise(change: Partial<Noise>, words: string): Promise<void> {
  const old = noise.now
  before = past === null ? null : withheld(past)
  await changeSettings({ noise: { ...old, ...change } })
  dismiss(toast)
  toast = say(words, () => {
    before = null
    void changeSettings({ noise: old }).then(foresee)
  })
  await foresee()
}

let asked = 0

/** Asks what they would have done. */
export async function foresee(): Promise<void> {
  const mine = ++asked
  try {
    const answer = await host.previewNoise($state.snapshot(noise.now) as Noise)
    if (mine === asked) past = answer
  } catch {
    if (mine === asked) past = null // Nothing is listened to, so there is no past to play.
  }
}

/** Forgets the last change: the page is left. */
export function forgetChange(): void {
  before = null
}
