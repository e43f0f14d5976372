// What a button does, told where it stands: its tooltip says the action and its key, and so do those who read the window aloud.
import type { Attachment } from 'svelte/attachments'

import { keyOf, type ActionId } from '../keys/actions'
import { offer } from '../keys/dispatch.svelte'
import { en } from '../text/en'
import { tip } from './tip.svelte'

/** A button of an action that its view offers. */
export const does = (id: ActionId, words: string = en.actions[id]): Attachment<HTMLElement> => tip(words, keyOf(id))

/** A button that offers its action itself, while it is drawn and can be pressed. */
export const offers = (id: ActionId, words?: string): Attachment<HTMLElement> => (element) => {
  const untip = does(id, words)(element)
  const stop = offer({
    [id]: {
      run: () => element.click(),
      when: () => element.isConnected && !(element instanceof HTMLButtonElement && element.disabled),
      floats: element.closest('dialog') !== null,
    },
  })
  return () => {
    untip?.()
    stop()
  }
}
