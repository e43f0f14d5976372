// From a key press to the way the table writes it.

const names: Record<string, string> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Esc: 'Escape',
}

/** `Ctrl+Shift+Z`; null for a modifier alone. Shift is named only where it does not already change the character. */
export function comboOf(event: KeyboardEvent): string | null {
  const { key } = event
  if (key === 'Control' || key === 'Shift' || key === 'Alt' || key === 'Meta' || key === 'Dead') return null
  const name = names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  const isSign = key.length === 1 && key.toUpperCase() === key.toLowerCase() && key !== ' '
  let combo = ''
  if (event.ctrlKey || event.metaKey) combo += 'Ctrl+'
  if (event.altKey) combo += 'Alt+'
  if (event.shiftKey && !isSign) combo += 'Shift+'
  return combo + name
}

/** The caps to draw for a combo: `['Ctrl', 'K']`. */
export function capsOf(combo: string): string[] {
  const caps: string[] = []
  let rest = combo
  for (const part of ['Ctrl', 'Alt', 'Shift']) {
    if (rest.startsWith(`${part}+`)) {
      caps.push(part)
      rest = rest.slice(part.length + 1)
    }
  }
  caps.push(rest === 'Escape' ? 'Esc' : rest)
  return caps
}

/** Whether typing here makes text, so that plain keys must be left alone. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
}
