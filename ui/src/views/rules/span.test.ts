import { Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { charactersOf, offsetOf, placeOf, rangeOf, unitsOf } from './span'

const doc = Text.of(['// 🔔 rings', 'fn when(event) { true }', ''])

describe('characters and UTF-16 units', () => {
  it('counts a bell as one character and two units', () => {
    expect(unitsOf('🔔x', 1)).toBe(2)
    expect(charactersOf('🔔x', 2)).toBe(1)
    expect(charactersOf('🔔x', 3)).toBe(2)
  })

  it('counts a letter with a combining mark as two of each', () => {
    expect(unitsOf('e\u0301x', 2)).toBe(2)
  })

  it('never goes beyond the line', () => {
    expect(unitsOf('ab', 9)).toBe(2)
    expect(unitsOf('ab', -1)).toBe(0)
  })
})

describe('places', () => {
  it('finds the column after a bell', () => {
    expect(offsetOf(doc, 1, 5)).toBe(5)
    expect(doc.sliceString(offsetOf(doc, 1, 6), offsetOf(doc, 1, 11))).toBe('rings')
    expect(placeOf(doc, offsetOf(doc, 1, 6))).toEqual({ line: 1, column: 6 })
  })

  it('clamps what is not in the text', () => {
    expect(offsetOf(doc, 0, 1)).toBe(0)
    expect(offsetOf(doc, 99, 1)).toBe(doc.length)
    expect(offsetOf(doc, 2, 999)).toBe(doc.line(2).to)
  })
})

describe('ranges', () => {
  const span = (line: number, column: number, end_line: number, end_column: number) => ({ line, column, end_line, end_column })

  it('has an exclusive end', () => {
    const { from, to } = rangeOf(doc, span(2, 4, 2, 8))
    expect(doc.sliceString(from, to)).toBe('when')
  })

  it('is at least one character wide', () => {
    const { from, to } = rangeOf(doc, span(2, 4, 2, 4))
    expect(doc.sliceString(from, to)).toBe('w')
    const end = rangeOf(doc, span(2, 24, 2, 24))
    expect(doc.sliceString(end.from, end.to)).toBe('}')
  })

  it('may be empty only on an empty line', () => {
    expect(rangeOf(doc, span(3, 1, 3, 1))).toEqual({ from: doc.length, to: doc.length })
  })

  it('does not end before it begins', () => {
    const { from, to } = rangeOf(doc, span(2, 8, 2, 4))
    expect(to).toBeGreaterThanOrEqual(from)
  })
})
