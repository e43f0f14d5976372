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
})
