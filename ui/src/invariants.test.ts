// What holds for every file of the window.
import { describe, expect, it } from 'vitest'

const files = Object.entries(
  import.meta.glob<string>(['./**/*.{svelte,ts,css}', '!./**/*.test.ts', '!./host/bindings/**', '!./host/mock/**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
const without = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^\s*\/\/.*$/gm, '')
const offenders = (of: typeof files, pattern: RegExp): string[] =>
  of.filter(([, text]) => pattern.test(without(text))).map(([name]) => name)

describe('every file', () => {
  it('is looked at', () => {
    expect(files.length).toBeGreaterThan(40)
  })
  it('draws text as text only', () => {
    expect(offenders(files, /\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/)).toEqual([])
  })
  it('has no style or handler that the content security policy would refuse', () => {
    const svelte = files.filter(([name]) => name.endsWith('.svelte'))
    expect(offenders(svelte, /\sstyle="[^"{]*"|\son\w+="[^"{]*"|javascript:|data:text/)).toEqual([])
  })
  it('names colours by their role; only the tokens know their values', () => {
    const others = files.filter(([name]) => !name.endsWith('/tokens.css'))
    expect(offenders(others, /:[^;{}\n]*(#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\()/i)).toEqual([])
  })
  it('moves for no longer than the tokens say, which is not at all where motion is not wanted', () => {
    const motion = /(?:animation|transition):(?!\s*none\b)(?![^;}]*var\(--(?:press|appear|move)\))/
    const still = files.filter(([, text]) => !/@media \(prefers-reduced-motion: reduce\)/.test(text))
    expect(offenders(still, motion)).toEqual([])
  })
  it('turns only where words stand beside it', () => {
    expect(offenders(files, /\binfinite\b/)).toEqual(['./views/first-run/TestSteps.svelte'])
  })
  it('talks to the shell through host alone', () => {
    const others = files.filter(([name]) => !name.startsWith('./host/'))
    expect(offenders(others, /@tauri-apps|__TAURI|\bfetch\(|XMLHttpRequest|WebSocket|localStorage|sessionStorage/)).toEqual([])
  })
  it('is of one idea: none has more than 600 lines', () => {
    expect(files.filter(([, text]) => text.split('\n').length > 600).map(([name]) => name)).toEqual([])
  })
})
