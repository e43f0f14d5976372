// Who answers an action now, and which key press asks for it.
import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'

import { actionIds, actions, alsoIn, type ActionId, type Scope } from './actions'
import { comboOf, takesText } from './combo'

/** What a view offers for an action. Functions are read when asked, so they may use changing state. */
export interface Offer {
  run: () => void
  /** Not offered while false. */
  when?: () => boolean
  /** What it is about or would do, for the palette: `14 alerts`. */
  about?: () => string
  /** Offered by what floats above the view: it counts while the view is covered. */
  floats?: boolean
}

const offers = new SvelteMap<ActionId, Offer[]>()

/** Answers actions from now on; call the returned function to stop (return it from an `$effect`). The latest offer wins. */
export function offer(mine: Partial<Record<ActionId, Offer | (() => void)>>): () => void {
  const held: [ActionId, Offer][] = []
  // Untracked: the effect that offers must not run again for what it changes itself.
  untrack(() => {
    for (const [name, given] of Object.entries(mine)) {
      const id = name as ActionId
      const made = typeof given === 'function' ? { run: given } : given
      held.push([id, made])
      offers.set(id, [...(offers.get(id) ?? []), made])
    }
  })
  return () => {
    untrack(() => {
      for (const [id, made] of held)
        offers.set(
          id,
          (offers.get(id) ?? []).filter((other) => other !== made),
        )
    })
  }
}

/** The offer that stands for an action now. */
export function standing(id: ActionId): Offer | undefined {
  const all = offers.get(id)
  const last = all?.[all.length - 1]
  return last && (last.when?.() ?? true) ? last : undefined
}

/** Does it, if someone offers it now. */
export function run(id: ActionId): boolean {
  const found = standing(id)
  found?.run()
  return found !== undefined
}

/** What the palette may offer now. */
export const offered = (): ActionId[] => actionIds.filter((id) => !actions[id].quiet && standing(id))

/** The action a key press means in this scope, if any. While something covers the view, only what that offers itself. */
export function meant(event: KeyboardEvent, scope: Scope, covered = false): ActionId | undefined {
  const combo = comboOf(event)
  if (combo === null) return undefined
  const typing = takesText(event.target)
  return actionIds.find((id) => {
    const action = actions[id]
    if (action.scope !== 'anywhere' && action.scope !== scope && action.scope !== alsoIn[scope] && !(covered && action.scope === 'dialog')) return false
    if (!action.keys.includes(combo)) return false
    if (typing && !action.inText) return false
    const found = standing(id)
    return found !== undefined && (!covered || found.floats === true)
  })
}

/** Listens for keys. While something floats on top (a palette, a dialog) only that has the keys, and what it offers. */
export function listen(scope: () => Scope, covered: () => boolean): () => void {
  const down = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    // A focused button keeps its own Space and Enter.
    const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, [role=switch], [role=tab]')
    if (onButton && (event.key === ' ' || event.key === 'Enter')) return
    const id = meant(event, scope(), covered())
    if (!id) return
    event.preventDefault()
    run(id)
  }
  globalThis.addEventListener('keydown', down)
  return () => globalThis.removeEventListener('keydown', down)
}
