// How much room there is, counted in the reader's text size: 1280 px at 200 % text behaves like 640.

/** From 1180, from 900, below. */
export type Width = 'wide' | 'middle' | 'narrow'

/** The width for so many text-size units of 1/16 rem. */
export const widthFor = (units: number): Width => (units >= 1180 ? 'wide' : units >= 900 ? 'middle' : 'narrow')

let units = $state(1280)
let unitsHigh = $state(800)
const width = $derived(widthFor(units))

export const layout = {
  get width(): Width {
    return width
  },
  /** One pane at a time. */
  get narrow(): boolean {
    return width === 'narrow'
  },
  get units(): number {
    return units
  },
  /** Below 600 high: coverage folds, headers lose 8. */
  get low(): boolean {
    return unitsHigh < 600
  },
  /** So low that the rail draws together: large text in a small window. */
  get lowest(): boolean {
    return unitsHigh < 400
  },
}

/** Measures again; called when the window or the text size changes. */
export function measure(): void {
  const px = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
  units = (globalThis.innerWidth / px) * 16
  unitsHigh = (globalThis.innerHeight / px) * 16
}
