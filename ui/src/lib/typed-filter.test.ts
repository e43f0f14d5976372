import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HostError, type Diagnostic } from '../host'
import { TypedFilter } from './typed-filter.svelte'

const finding = (severity: Diagnostic['severity']): Diagnostic => ({
  code: 'x', severity, message: 'No field "levl".', help: 'Did you mean level?', label: '', span: { line: 1, column: 1, end_line: 1, end_column: 2 },
})

describe('a filter that is typed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is taken once it rests and holds, and the last that holds stays', async () => {
    const taken: string[] = []
    const found: Record<string, Diagnostic[]> = { levl: [finding('error')], old: [finding('warning')] }
    const filter = new TypedFilter('', (words) => Promise.resolve(found[words] ?? []), (words) => Promise.resolve(void taken.push(words)))
    const type = async (words: string, ms: number): Promise<void> => {
      filter.words = words
      filter.typed()
      await vi.advanceTimersByTimeAsync(ms)
    }
    await type('l', 50)
    await type(' level ', 50)
    expect([taken, filter.checked]).toEqual([[], false])
    await vi.advanceTimersByTimeAsync(500)
    expect([taken, filter.checked, filter.wrong]).toEqual([['level'], true, ''])
    await type('levl', 500)
    expect([taken, filter.wrong]).toEqual([['level'], 'No field "levl". Did you mean level?'])
    filter.set('old')
    await vi.advanceTimersByTimeAsync(0)
    expect([taken, filter.wrong]).toEqual([['level', 'old'], ''])
    await type('late', 10)
    filter.rest()
    await vi.advanceTimersByTimeAsync(500)
    expect(taken).toEqual(['level', 'old'])
  })

  it('says why it could not be looked at, and an answer about an older one is no answer', async () => {
    const asked: ((found: Diagnostic[]) => void)[] = []
    const filter = new TypedFilter('a', () => new Promise((answer) => asked.push(answer)), () => Promise.resolve())
    void filter.look()
    filter.set('b')
    asked[1]?.([])
    await vi.advanceTimersByTimeAsync(0)
    asked[0]?.([finding('error')])
    await vi.advanceTimersByTimeAsync(0)
    expect([filter.words, filter.wrong]).toEqual(['b', ''])
    const gone = new TypedFilter('a', () => Promise.reject(new HostError('gone', 'Nothing is stored.', '')), () => Promise.resolve())
    await gone.look()
    expect(gone.wrong).toContain('Nothing is stored.')
  })
})
