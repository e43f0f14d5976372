import { afterEach, describe, expect, it } from 'vitest'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import type { ClauseExplained, Explanation, Told } from '../../host'
import { toldLines } from './clause-lines'
import { clauseMargin, setTold } from './clause-margin'

const TEXT = 'fn when(event) {\n    event.level == "high"\n        && event.ssid != "x" && first_seen("1h", event.ssid)\n        && marked("1h", "m", 1)\n}\n'

const clause = (line: number, text: string, told: Told, value = '', why = ''): ClauseExplained => ({
  text, told, why, span: { line, column: 5, end_line: line, end_column: 5 + text.length },
  joint: 'and', depth: 0, opens: '', closes: 0,
  parts: value ? [{ text: 'event.x', value, window: '1h', needed: '>= 3' }] : [],
})
const explained = (clauses: ClauseExplained[]): Explanation => ({
  rule: 'security/a', about: '', event: '1', kind: 'security.wids', received: '', came: 'cannot-tell', why: '',
  conditions: [
    { function: 'when', told: 'cannot-tell', clauses },
    { function: 'resolved', told: 'not-reached', clauses: [clause(1, 'false', 'not-reached')] },
  ],
  key: null, title: null, body: null,
})
const all = [
  clause(2, 'event.level == "high"', 'true', '"high"'),
  clause(3, 'event.ssid != "x"', 'true', '"<b>\u202Ebold"'),
  clause(3, 'first_seen("1h", event.ssid)', 'cannot-tell', '', 'deaf for 4 of the 10 min'),
  clause(4, 'marked("1h", "m", 1)', 'not-reached'),
]

let view: EditorView
const open = (): void => {
  view = new EditorView({ parent: document.body, state: EditorState.create({ doc: TEXT, extensions: clauseMargin }) })
}
const signs = (): string[] => [...view.dom.querySelectorAll('.cm-told')].map((box) => [...box.children].map((one) => one.getAttribute('class')).join('+'))
afterEach(() => view?.destroy())

describe('what each line gave', () => {
  it('is told once a line, what asks for a look first, and nothing of a condition that was not asked', () => {
    const lines = toldLines(explained(all))
    expect(lines.map((line) => [line.line, line.told])).toEqual([
      [2, ['true']],
      [3, ['cannot-tell', 'true']],
      [4, ['not-reached']],
    ])
    expect(lines[0]?.tip).toEqual(['event.level == "high" holds; event.x: "high" (needed >= 3 within 1h)'])
    expect(lines[1]?.tip[1]).toContain('deaf for 4 of the 10 min')
  })

  it('shows what came from the air under its names, and cuts it between letters', () => {
    expect(toldLines(explained(all))[1]?.value).toBe('"<b><U+202E>bold", cannot tell')
    const [line] = toldLines(explained([clause(2, 'x', 'true', '🔔'.repeat(40))]))
    expect(line?.value).toBe(`${'🔔'.repeat(31)}…`)
  })
})

describe('the margin', () => {
  it('has a sign of its own for each answer', () => {
    open()
    view.dispatch({ effects: setTold.of(explained(all)) })
    expect(signs()).toEqual(['cm-told-true', 'cm-told-hatch hatched+cm-told-true', 'cm-told-not-reached'])
  })

  it('is gone as soon as the text is another, and comes again with the next answer', () => {
    open()
    view.dispatch({ effects: setTold.of(explained(all)) })
    view.dispatch({ changes: { from: 0, insert: '// ' } })
    expect(signs()).toEqual([])
    view.dispatch({ effects: setTold.of(explained(all.slice(0, 1))) })
    expect(signs()).toEqual(['cm-told-true'])
    view.dispatch({ effects: setTold.of(null) })
    expect(signs()).toEqual([])
  })

  it('takes an answer about a longer text', () => {
    open()
    view.dispatch({ effects: setTold.of(explained([clause(40, 'x', 'true')])) })
    expect(signs()).toEqual([])
  })
})
