// Tooltips: a name and its key, for things that show only an icon or a cut text.
import type { Attachment } from 'svelte/attachments'

interface Tip {
  lines: readonly string[]
  combo: string | undefined
  box: DOMRect
}

let shown = $state<Tip | null>(null)
const WAIT = 350
/** Whether the keyboard moved last: what a dialog puts the focus on when it opens was not asked about. */
let tabbed = false
if (typeof document !== 'undefined') {
  document.addEventListener('keydown', (event) => (tabbed = event.key === 'Tab'), true)
  document.addEventListener('pointerdown', () => (tabbed = false), true)
}
/** What has a tooltip of its own. */
const told = new WeakSet<Element>()
/** Whose tooltip is shown: another's end must not take it away. */
let owner: Element | null = null

export const tips = {
  get shown(): Tip | null {
    return shown
  },
}

/** A key as those who hear the window are told it: `Control+K`. */
export const spoken = (combo: string): string => combo.replace('Ctrl', 'Control')

/** Shows lines beside a place at once, until `hideTip`: for what is drawn and has no elements of its own. */
export function showTip(lines: readonly string[], box: DOMRect): void {
  owner = null
  shown = { lines, combo: undefined, box }
}
export function hideTip(): void {
  shown = null
}

/**
 * Shows `text`, a line or some of them (and a key) beside the element while the pointer rests on it or Tab came to it. With `cut` (a
 * selector inside it, or `self`) only while that is cut for want of room. What changes often gives `text` as a function, which
 * is asked when it is shown. The key is told to those who hear the window, too.
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
      owner = element
      shown = { lines: typeof says === 'string' ? [says] : says, combo, box: element.getBoundingClientRect() }
    }
    const rest = (): void => {
      clearTimeout(timer)
      timer = setTimeout(show, WAIT)
    }
    const focus = (): void => {
      if (tabbed && element.matches(':focus-visible')) show()
    }
    const leave = (): void => {
      clearTimeout(timer)
      if (owner === element) shown = null
    }
    if (combo) element.setAttribute('aria-keyshortcuts', spoken(combo))
    told.add(element)
    element.addEventListener('pointerenter', rest)
    element.addEventListener('pointerleave', leave)
    element.addEventListener('pointerdown', leave)
    element.addEventListener('focus', focus)
    element.addEventListener('blur', leave)
    return () => {
      told.delete(element)
      element.removeAttribute('aria-keyshortcuts')
      leave()
      element.removeEventListener('pointerenter', rest)
      element.removeEventListener('pointerleave', leave)
      element.removeEventListener('pointerdown', leave)
      element.removeEventListener('focus', focus)
      element.removeEventListener('blur', leave)
    }
  }
}

/** What is cut for want of room tells the whole under the pointer, wherever it stands, if it has no tooltip of its own. */
export function tellWhatIsCut(page: Document): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let on: Element | null = null
  const cutAt = (from: EventTarget | null): Element | null => {
    let found: Element | null = null
    for (let at = from instanceof Element ? from : null; at; at = at.parentElement) {
      if (told.has(at)) return null
      if (!found && at.classList.contains('cut') && at.scrollWidth > at.clientWidth) found = at
    }
    return found
  }
  const over = (event: PointerEvent): void => {
    const part = cutAt(event.target)
    if (part === on) return
    clearTimeout(timer)
    if (on && owner === on) shown = null
    on = part
    if (!part) return
    timer = setTimeout(() => {
      if (!part.isConnected) return
      owner = part
      shown = { lines: [part.textContent.trim()], combo: undefined, box: part.getBoundingClientRect() }
    }, WAIT)
  }
  page.addEventListener('pointerover', over)
  return () => {
    clearTimeout(timer)
    page.removeEventListener('pointerover', over)
  }
}
