import { describe, expect, it } from 'vitest'

import { endSaid, minuteOfWeek, staysFor } from './quiet-now'

const weeknights = [
  { days: [1, 2, 3, 4, 5], from: 0, to: 450 },
  { days: [1, 2, 3, 4, 5], from: 1080, to: 0 },
  { days: [6, 7], from: 0, to: 0 },
]
const DAY = 1440

describe('quiet now', () => {
  it('goes by the wall of the zone', () => {
    const monday = Date.UTC(2025, 10, 17, 23, 30)
    expect(minuteOfWeek(monday, 'UTC')).toBe(23 * 60 + 30)
    expect(minuteOfWeek(monday, 'Europe/Berlin')).toBe(DAY + 30)
  })
  it('lasts through what follows on, from Friday evening to Monday morning', () => {
    expect(staysFor(weeknights, 12 * 60)).toBe(0)
    const friday = 4 * DAY + 19 * 60
    expect(endSaid(friday, staysFor(weeknights, friday))).toBe('Mon 07:30')
    expect(endSaid(3 * 60, staysFor(weeknights, 3 * 60))).toBe('07:30')
    expect(staysFor([{ days: [7], from: 1320, to: 420 }], 6 * 60)).toBe(60)
  })
  it('is a week where it never ends', () => {
    expect(staysFor([{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 0 }], 5)).toBe(7 * DAY)
    expect(staysFor([], 5)).toBe(0)
  })
})
