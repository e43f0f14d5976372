import type { ActionId } from '../../keys/actions'

/** What stands beside the editor. */
export type Side = 'past' | 'cases' | 'explain' | 'about'

/** Kept while the window lives. */
export const side = $state<{ chosen: Side }>({ chosen: 'past' })

/** The action that shows it. */
export const asideOf = (side: Side): ActionId => `rules.${side}`
