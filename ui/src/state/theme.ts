import type { Settings } from '../host'

const light = window.matchMedia('(prefers-color-scheme: light)')

let chosen: Settings['theme'] = 'system'

/** Puts a theme into effect; the system's is followed as it changes. */
export function wear(theme: Settings['theme']): void {
  chosen = theme
  document.documentElement.dataset.theme = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme
}

light.addEventListener('change', () => wear(chosen))
