import { describe, expect, it } from 'vitest'
import { linesDiffer, sideBySide } from './diff'

describe('changed lines', () => {
  it('marks what was edited and what was added, and nothing below it', () => {
    expect(linesDiffer(['a', 'b', 'c'], ['a', 'B', 'c'])).toEqual([false, true, false])
    expect(linesDiffer(['a', 'b'], ['a', 'new', 'b'])).toEqual([false, true, false])
    expect(linesDiffer(['a', 'b', 'c'], ['a', 'c'])).toEqual([false, false])
    expect(linesDiffer([], [''])).toEqual([true])
  })
})

describe('side by side', () => {
  it('aligns equal lines', () => {
    expect(sideBySide('a\nb\nc', 'a\nc\nd')).toEqual([
      { left: 'a', right: 'a', same: true },
      { left: 'b', right: null, same: false },
      { left: 'c', right: 'c', same: true },
      { left: null, right: 'd', same: false },
    ])
  })

  it('puts an edit beside what it was', () => {
    expect(sideBySide('x\nold\ny', 'x\nnew\ny')[1]).toEqual({ left: 'old', right: 'new', same: false })
  })
})
