// Tooltips: a name and its key, for things that show only an icon or a cut text.
import type { Attachment } from 'svelte/attachments'

interface Tip {
  lines: readonly string[]
  combo: string | undefined
  box: DOMRect
}

let shown = $state<Tip | null>(null)
const WAIT = 350

export const tips = {
  get shown(): Tip | null {
    return shown
  },
}

/** Shows lines beside a place at once, until `hideTip`: for what is drawn and has no elements of its own. */
export function showTip(lines: readonly string[], box: DOMRect): void {
  shown = { lines, combo: undefined, box }
}
export function hideTip(): void {
  shown = null
}

/**
 * Shows `text`, a line or some of them (and a key) beside the element while the pointer rests on it or it has the keyboard. With `cut` (a
 * selector inside it, or `self`) only while that is cut for want of room. What changes often gives `text` as a function, which
 * is asked when it is shown.
 */
export function tip(text: string | readonly string[] | (() => string), combo?: string, cut?: string): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const isCut = (): boolean => {
      const part = cut === 'self' ? element : cut ? element.querySelector(cut) : null
      return part !== null && part.scrollWidth > part.clientWidth
    }
    const show = (): void => {
      if (cut && !isCut()) return
      const says = typeof text === 'function' ? text() : text
      shown = { lines: typeof says === 'string' ? [says] : says, combo, box: element.getBoundingClientRect() }
    }
    const rest = (): void => {
      clearTimeout(timer)
      timer = setTimeout(show, WAIT)
    }
    const focus = (): void => {
      if (element.matches(':focus-visible')) show()
    }
    const leave = (): void => {
      clearTimeout(timer)
      shown = null
    }
    element.addEventListener('pointerenter', rest)
    element.addEventListener('pointerleave', leave)
    element.addEventListener('pointerdown', leave)
    element.addEventListener('focus', focus)
    element.addEventListener('blur', leave)
    return () => {
      leave()
      element.removeEventListener('pointerenter', rest)
      element.removeEventListener('pointerleave', leave)
      element.removeEventListener('pointerdown', leave)
      element.removeEventListener('focus', focus)
      element.removeEventListener('blur', leave)
    }
  }
}
