import { afterEach, describe, expect, it, vi } from 'vitest'

import { also } from '../text/also'
import { en } from '../text/en'
import { actionIds, actions, alsoIn, type Scope } from './actions'
import { capsOf, comboOf, takesText } from './combo'
import { listen, meant, offer, offered, run } from './dispatch.svelte'
import { find, findAlso } from './match'

const press = (key: string, init: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })

const actionName = (id: string): string => en.actions[id as keyof typeof en.actions]

let stops: (() => void)[] = []
afterEach(() => {
  stops.forEach((stop) => stop())
  stops = []
  document.body.replaceChildren()
})

describe('the table', () => {
  it('gives no key twice where both could be meant', () => {
    const scopes = new Set(actionIds.map((id) => actions[id].scope))
    for (const scope of scopes) {
      const taken = new Map<string, string>()
      for (const id of actionIds) {
        const action = actions[id]
        const counts = [scope, alsoIn[scope], 'anywhere'].includes(action.scope)
        if (!counts && scope !== 'anywhere') continue
        if (scope === 'anywhere' && action.scope !== 'anywhere') continue
        for (const key of action.keys) {
          expect(taken.get(key), `${key} in ${scope}: ${id}`).toBeUndefined()
          taken.set(key, id)
        }
      }
    }
  })
  it('has a key and a word for each action', () => {
    for (const id of actionIds) {
      expect(actions[id].keys.length, id).toBeGreaterThan(0)
      expect(en.actions[id], id).toMatch(/^[A-Z]/)
    }
  })
})

describe('combos', () => {
  it('are written as the table writes them', () => {
    expect(comboOf(press('k', { ctrlKey: true }))).toBe('Ctrl+K')
    expect(comboOf(press('k', { metaKey: true }))).toBe('Ctrl+K')
    expect(comboOf(press('?', { shiftKey: true }))).toBe('?')
    expect(comboOf(press('Z', { shiftKey: true, ctrlKey: true }))).toBe('Ctrl+Shift+Z')
    expect(comboOf(press('ArrowDown'))).toBe('Down')
    expect(comboOf(press(' '))).toBe('Space')
    expect(comboOf(press('+', { ctrlKey: true }))).toBe('Ctrl++')
    expect(comboOf(press('Control', { ctrlKey: true }))).toBeNull()
  })
  it('are drawn as caps', () => {
    expect(capsOf('Ctrl+Shift+Z')).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(capsOf('Ctrl++')).toEqual(['Ctrl', '+'])
    expect(capsOf('Escape')).toEqual(['Esc'])
  })
})

describe('a key press', () => {
  it('means the action of its view, if someone offers it', () => {
    expect(meant(press('a'), 'alerts')).toBeUndefined()
    stops.push(offer({ 'alerts.acknowledge': () => undefined }))
    expect(meant(press('a'), 'alerts')).toBe('alerts.acknowledge')
    expect(meant(press('a'), 'live')).toBeUndefined()
  })
  it('is left to the text it is typed into, unless it has Ctrl', () => {
    stops.push(offer({ 'alerts.acknowledge': () => undefined, 'window.palette': () => undefined }))
    const input = document.body.appendChild(document.createElement('input'))
    let seen: string | undefined
    input.addEventListener('keydown', (event) => (seen = meant(event, 'alerts')))
    input.dispatchEvent(press('a'))
    expect(seen).toBeUndefined()
    input.dispatchEvent(press('k', { ctrlKey: true }))
    expect(seen).toBe('window.palette')
    expect(takesText(input)).toBe(true)
  })
  it('is dead while something covers the window, and when it was used already', () => {
    const ran = vi.fn()
    let covered = false
    stops.push(offer({ 'alerts.acknowledge': ran }))
    stops.push(listen((): Scope => 'alerts', () => covered))
    document.body.dispatchEvent(press('a'))
    expect(ran).toHaveBeenCalledTimes(1)
    covered = true
    document.body.dispatchEvent(press('a'))
    covered = false
    const used = press('a')
    used.preventDefault()
    document.body.dispatchEvent(used)
    expect(ran).toHaveBeenCalledTimes(1)
  })
  it('leaves Space to the button that has the focus', () => {
    const ran = vi.fn()
    stops.push(offer({ 'live.pause': ran }))
    stops.push(listen((): Scope => 'live', () => false))
    const button = document.body.appendChild(document.createElement('button'))
    button.dispatchEvent(press(' '))
    expect(ran).not.toHaveBeenCalled()
    document.body.dispatchEvent(press(' '))
    expect(ran).toHaveBeenCalledTimes(1)
  })
})

describe('offers', () => {
  it('stand while they are possible; the latest wins and gives way again', () => {
    const first = vi.fn()
    const second = vi.fn()
    let possible = false
    stops.push(offer({ 'alerts.snooze': { run: first, when: () => possible } }))
    expect(run('alerts.snooze')).toBe(false)
    possible = true
    expect(offered()).toContain('alerts.snooze')
    const stop = offer({ 'alerts.snooze': second })
    run('alerts.snooze')
    stop()
    run('alerts.snooze')
    expect(first).toHaveBeenCalledTimes(1)
    expect(second).toHaveBeenCalledTimes(1)
  })
})

describe('finding a name', () => {
  const score = (name: string, typed: string): number => find(name, typed)?.score ?? -1
  it('prefers the beginning of a word, then inside, then letters apart', () => {
    expect(score('Silence', 'si')).toBeGreaterThan(score('Visitors', 'si'))
    expect(score('Visitors', 'si')).toBeGreaterThan(score('Settings', 'si'))
    expect(find('Hotspotter attack seen', 'si')).toBeNull()
    expect(find('anything', '')).toEqual({ score: 0, marks: [] })
  })
  it('marks what was found', () => {
    expect(find('Settings', 'si')?.marks).toEqual([
      [0, 1],
      [4, 5],
    ])
    expect(find('ap-sci-1f-03', 'sci')?.marks).toEqual([[3, 6]])
  })

  it('finds an action by what else it might be called', () => {
    const others = also['window.snoozeAll'] ?? []
    expect(findAlso(others, ' Snoo')).toEqual({ score: 50, marks: [] })
    expect(findAlso(others, 'do not')).not.toBeNull()
    expect(findAlso(others, 'oze')).toBeNull()
    expect(findAlso(others, '')).toBeNull()
    // Another name that stands in its own finds nothing more.
    for (const [id, words] of Object.entries(also)) {
      for (const word of words) expect(find(actionName(id), word)?.score ?? 0, `${id}: ${word}`).toBeLessThan(200)
    }
  })

  it('takes signs as they are', () => {
    expect(find('a (b', '(b')?.marks).toEqual([[2, 4]])
    expect(find('İstanbul', 'ist')).toBeNull()
  })
})
