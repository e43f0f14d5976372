import { afterEach, describe, expect, it, vi } from 'vitest'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { HostError, useDoor, type ClauseReached, type ClauseThrough, type Explanation, type LetThrough } from '../../host'
import { countMargin, setCounts } from './count-margin'
import { Draft } from './drafts.svelte'
import { LettingThrough } from './let-through.svelte'
import { offersOf, reachLines, throughLines, valueLines } from './line-counts'

const TEXT = '//! A\nconst ON = "security.wids";\n\nfn when(event) {\n    event.level == "high"\n        && count("1h", event.ssid) >= 3\n}\n'
const NOW = new Date(2026, 10, 18, 14, 32).getTime()

const clause = (line: number, text: string, holds: number, fails: number, more: Partial<ClauseThrough> = {}): ClauseThrough => ({
  function: 'when', text, span: { line, column: 5, end_line: line, end_column: 5 + text.length },
  holds, fails, cannot_tell: 0, held_by: holds ? `${line}.1` : null, failed_by: fails ? `${line}.2` : null, remembers: false, ...more,
})
const told = (more: Partial<LetThrough> = {}): LetThrough => ({
  events: 2_106, asked: 2_106, from: NOW - 3_600_000, to: NOW, cut: false,
  lines: [
    { line: 5, through: 412, stopped: 1_694, cannot_tell: 0, parts: false },
    { line: 6, through: 96, stopped: 313, cannot_tell: 3, parts: false },
  ],
  clauses: [
    clause(5, 'event.level == "high"', 412, 1_694),
    clause(6, 'count("1h", event.ssid) >= 3', 96, 313, { cannot_tell: 3, remembers: true }),
  ],
  ...more,
})
const words = (lines: ReturnType<typeof throughLines>): string[] =>
  lines.map((line) => `${line.line}${line.head ? ' head' : ''}: ${line.cells.map((cell) => cell.text).join(' ')}`)

describe('what each line lets through', () => {
  it('stands at its line, under what it is counted of', () => {
    const lines = throughLines(told(), TEXT, 'week', NOW)
    expect(words(lines)).toEqual(['2 head: 2,106 events', '4 head: let through, 7 days', '5: 412', '6: 96'])
    expect(lines[3]?.unknown).toBe(true)
    expect(lines[3]?.tip).toEqual([
      'count("1h", event.ssid) >= 3: true for 96 of 412 events that got here, false for 313, could not tell for 3',
      'Of all 2,106 events of the rule’s kinds.',
    ])
  })

  it('says when it is of the newest only, and when counting took too long', () => {
    const newest = throughLines(told({ asked: 1_000 }), TEXT, 'week', NOW)
    expect(words(newest)[1]).toBe('4 head: let through, newest 1,000')
    expect(newest[2]?.tip.at(-1)).toBe('Of the newest 1,000 of 2,106 events, from 13:32:00 on.')
    const cut = throughLines(told({ asked: 1_000, cut: true }), TEXT, 'week', NOW)
    expect(words(cut)[1]).toBe('4 head: let through, up to 14:32:00')
    expect(cut[2]?.tip.at(-1)).toContain('counting the rest takes too long')
  })

  it('names what an if parts, several clauses together, and hides nothing unseen', () => {
    const line = { line: 5, through: 12, stopped: 4, cannot_tell: 0, parts: true }
    const parts = throughLines(told({ lines: [line] }), TEXT, 'all', NOW)
    expect(words(parts)[2]).toBe('5: 12 true')
    const clauses = [clause(5, 'event.ssid == "a\u202E"', 10, 6), clause(5, 'event.x', 2, 4)]
    const both = throughLines(told({ lines: [{ ...line, parts: false }], clauses }), TEXT, 'all', NOW)
    expect(both[2]?.tip.slice(0, 3)).toEqual([
      'event.ssid == "a<U+202E>": true for 10 of 16 events that got here, false for 6',
      'event.x: true for 2 of 6 events that got here, false for 4',
      'Together they let through 12 of 16.',
    ])
  })

  it('is nothing where the past has no such event, and no head stands on a number', () => {
    expect(throughLines(told({ events: 0, asked: 0 }), TEXT, 'day', NOW)).toEqual([])
    const one = 'const ON = "security";\nfn when(event) { event.x == 1 }\n'
    const lines = throughLines(told({ lines: [{ line: 2, through: 1, stopped: 0, cannot_tell: 0, parts: false }] }), one, 'day', NOW)
    expect(words(lines)).toEqual(['1 head: 2,106 events', '2: 1'])
  })
})

const reached = (line: number, holds: number, fails: number, missing = ''): ClauseReached => ({
  function: 'when', clause: `clause ${line}`, span: { line, column: 5, end_line: line, end_column: 9 }, holds, fails, cannot_tell: 0, missing,
})

describe('how the cases met each line', () => {
  it('stands at its line, and "never" is marked', () => {
    const lines = reachLines([reached(5, 16, 1), reached(6, 15, 0, 'never false')], TEXT)
    expect(words(lines)).toEqual(['4 head: true false', '5: 16 1', '6: 15 never'])
    expect(lines[2]?.cells.map((cell) => cell.never ?? false)).toEqual([false, true])
    expect(lines[2]?.tip).toEqual(['clause 6: in the cases 15 times true, never false'])
  })

  it('is offered from history where one event shows it', () => {
    const past = told()
    const [never, windowed] = offersOf([reached(5, 3, 0, 'never false'), reached(6, 0, 3, 'never true')], past)
    expect([never?.way, never?.event, never?.words]).toEqual(['false', '5.2', 'History has 1,694.'])
    expect([windowed?.event, windowed?.words]).toEqual([null, 'History has 96, but it hangs on what was heard before, which one event does not show.'])
    const none = offersOf([reached(5, 3, 0, 'never false')], told({ clauses: [clause(5, 'x', 9, 0)] }))
    expect(none[0]).toMatchObject({ event: null, words: 'History has none among 9 events.' })
    expect(offersOf([reached(5, 3, 1)], past)).toEqual([])
  })
})

const explained = (value: string): Explanation => ({
  rule: 'security/a', about: '', event: '1', kind: 'security.wids', received: '', came: 'not-matched', why: '', key: null, title: null, body: null,
  conditions: [{ function: 'when', told: 'false', clauses: [
    { text: 'event.level == "high"', told: 'false', why: '', span: { line: 5, column: 5, end_line: 5, end_column: 26 }, joint: 'and', depth: 0, opens: '', closes: 0,
      parts: [{ text: 'event.level', value, window: null, needed: null }] },
  ] }],
})

describe('what each line gave for one event', () => {
  it('stands at its line as text, under its names where it comes from the air, with the time above', () => {
    const lines = valueLines(explained('"<b>\u202Elow"'), TEXT, '14:32:07')
    expect(words(lines)).toEqual(['4 head: at 14:32:07', '5: "<b><U+202E>low"'])
    expect(lines[1]?.cells[0]?.told).toBe('false')
    const editor = (view = new EditorView({ parent: document.body, state: EditorState.create({ doc: TEXT, extensions: countMargin }) }))
    editor.dispatch({ effects: setCounts.of(lines) })
    expect(editor.dom.querySelector('.cm-count b')).toBeNull()
    expect(editor.dom.querySelector('bdi.cm-count-value')?.textContent).toBe('"<b><U+202E>low"')
  })
})

let view: EditorView | undefined
afterEach(() => {
  view?.destroy()
  view = undefined
})

describe('the margin on the right', () => {
  const open = (): EditorView =>
    (view = new EditorView({ parent: document.body, state: EditorState.create({ doc: TEXT, extensions: countMargin }) }))
  const cells = (of: EditorView): string[] => [...of.dom.querySelectorAll('.cm-count')].map((box) => box.textContent ?? '')

  it('keeps its numbers beside their lines while the text changes, faint, until the next are there', () => {
    const editor = open()
    editor.dispatch({ effects: setCounts.of(throughLines(told(), TEXT, 'week', NOW)) })
    expect(cells(editor)).toEqual(['2,106 events', 'let through, 7 days', '412', '96'])
    expect(editor.dom.querySelector('.cm-gutters-after .cm-count-hatch')).not.toBeNull()
    expect(editor.dom.className).not.toContain('cm-counts-old')
    editor.dispatch({ changes: { from: 0, insert: '// more\n' } })
    expect(cells(editor)).toHaveLength(4)
    expect(editor.dom.className).toContain('cm-counts-old')
    editor.dispatch({ effects: setCounts.of(reachLines([reached(6, 2, 0, 'never false')], TEXT)) })
    expect([cells(editor), editor.dom.querySelectorAll('.cm-count-never').length]).toEqual([['truefalse', '2never'], 1])
    expect(editor.dom.className).not.toContain('cm-counts-old')
    editor.dispatch({ effects: setCounts.of(null) })
    expect(cells(editor)).toEqual([])
  })
})

describe('asking for it', () => {
  it('comes after a rest, once a text; not of errors, and again after it was stopped', async () => {
    vi.useFakeTimers()
    const asked: string[] = []
    let stopped = true
    useDoor({
      call: (request) => {
        if (request.type !== 'let_through') throw new Error(request.type)
        asked.push(request.text)
        if (stopped) throw new HostError('stopped', 'Another text is tried meanwhile.')
        return Promise.resolve({ type: 'let_through', value: told() })
      },
      subscribe: () => Promise.resolve(),
    })
    const letting = new LettingThrough()
    const draft = new Draft('security/a', TEXT)
    const follow = async (): Promise<void> => {
      letting.follow(draft, 'week', null)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    await follow()
    expect([asked.length, letting.answer]).toEqual([1, null])
    stopped = false
    await follow()
    await follow()
    expect([asked.length, letting.answer?.asked, letting.answered]).toEqual([2, 2_106, TEXT])
    draft.findings = [{ code: 'x', severity: 'error', message: '', help: '', label: '', span: { line: 1, column: 1, end_line: 1, end_column: 2 } }]
    await follow()
    expect([asked.length, letting.answer]).toEqual([2, null])
    vi.useRealTimers()
  })
})
