import { render } from '@testing-library/svelte'
import { describe, expect, it } from 'vitest'

import type { ClauseExplained, Explanation } from '../host'
import Clauses from './Clauses.svelte'

const clause = (text: string, more: Partial<ClauseExplained>): ClauseExplained =>
  ({ text, joint: 'and', depth: 0, opens: '', closes: 0, told: 'true', why: '', parts: [], span: {}, ...more }) as ClauseExplained

describe('clauses', () => {
  it('give no mark to what turns a group around', () => {
    const clauses = [
      clause('event.level == "high"', { joint: 'first' }),
      clause('event.port == "1"', { opens: '!(', depth: 1, told: 'false' }),
      clause('event.port == "2"', { joint: 'or', depth: 1, closes: 1, told: 'false' }),
    ]
    const told = { conditions: [{ function: 'when', told: 'true', clauses }] } as unknown as Explanation
    const { container } = render(Clauses, { told })
    const rows = [...container.querySelectorAll('li')].map((row) => [row.querySelector('.mark') !== null, row.querySelector('.mono')?.textContent])
    expect(rows).toEqual([
      [true, 'event.level == "high"'],
      [false, '!('],
      [true, 'event.port == "1"'],
      [true, expect.stringContaining('event.port == "2")')],
    ])
  })
  it('say whether the rule remembered the event', () => {
    const remember = { function: 'remember', told: 'true', clauses: [clause('mark("seen", event.mac_addr)', { joint: 'first' })] }
    const when = { function: 'when', told: 'false', clauses: [clause('event.level == "high"', { joint: 'first', told: 'false' })] }
    const heads = (told: string): (string | null)[] => {
      const { container } = render(Clauses, { told: { conditions: [{ ...remember, told }, when] } as unknown as Explanation })
      return [...container.querySelectorAll('.which')].map((head) => head.textContent)
    }
    expect(heads('true')).toEqual(['fn remember · remembered, for marked from the next event on', 'fn when'])
    expect(heads('false')[0]).toBe('fn remember · nothing is remembered of this event')
  })
})
