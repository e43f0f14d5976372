import { Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../host'
import { en } from '../../text/en'
import { marksOf, nearest } from './findings'

const doc = Text.of(['const ON = "x";', 'fn when(event) {', '    event.nope', '}'])
const finding = (code: string, severity: Diagnostic['severity'], line: number, column: number, end: number): Diagnostic => ({
  code, severity, message: `${code}.`, help: '', span: { line, column, end_line: line, end_column: end },
})
const first = finding('unknown-kind', 'error', 1, 12, 15)
const second = finding('unknown-field', 'warning', 3, 11, 15)

describe('the finding that is opened', () => {
  it('is the one at the caret, else the nearest line', () => {
    expect(nearest(doc, [first, second], doc.line(3).from + 12)).toBe(second)
    expect(nearest(doc, [first, second], doc.line(4).to)).toBe(second)
    expect(nearest(doc, [first, second], 0)).toBe(first)
    expect(nearest(doc, [], 0)).toBeNull()
  })

  it('is an error rather than a warning on the same line', () => {
    const beside = finding('other', 'error', 3, 5, 10)
    expect(nearest(doc, [second, beside], doc.line(3).from)).toBe(beside)
  })
})

describe('marks', () => {
  it('come in order, with their span', () => {
    const marks = marksOf(doc, [second, first])
    expect(marks.map((mark) => doc.sliceString(mark.from, mark.to))).toEqual(['"x"', 'nope'])
  })
})

it('counts in words', () => {
  expect(en.rules.findings(1, 2)).toBe('1 error, 2 warnings')
  expect(en.rules.findings(0, 1)).toBe('1 warning')
  expect(en.rules.findings(0, 0)).toBe('')
})
