import { describe, expect, it } from 'vitest'

import { daysSaid, hoursOf, nothing, readTime, said, weekOf, weeknights } from './quiet-week'

describe('a week of quiet hours', () => {
  it('is kept as it was painted', () => {
    const odd = nothing()
    odd[4]![32] = odd[4]![33] = odd[0]![0] = odd[6]![47] = true
    for (const week of [nothing(), weeknights(), odd, nothing().map((day) => day.map(() => true))]) {
      expect(weekOf(hoursOf(week))).toEqual(week)
    }
    expect(hoursOf(weeknights())).toEqual([
      { days: [1, 2, 3, 4, 5], from: 0, to: 450 },
      { days: [1, 2, 3, 4, 5], from: 1080, to: 0 },
      { days: [6, 7], from: 0, to: 0 },
    ])
  })
  it('is painted past midnight, and from Sunday into Monday', () => {
    const week = weekOf([{ days: [7], from: 1320, to: 420 }])
    expect(week[6]!.filter(Boolean).length).toBe(4)
    expect(week[0]!.slice(0, 15)).toEqual([...Array.from({ length: 14 }, () => true), false])
    expect(week[1]!.some(Boolean)).toBe(false)
  })
  it('is said in a sentence', () => {
    expect(said(weeknights())).toBe('Mon to Fri 00:00 to 07:30 and 18:00 to 24:00; Sat, Sun all day. Critical rings through.')
    expect(said(nothing())).toBe('None. Pop-ups come at any hour.')
    expect(said(nothing().map((day) => day.map(() => true)))).toBe('Always. Critical rings through.')
    expect(daysSaid([7, 1, 3, 2])).toBe('Mon to Wed, Sun')
  })
  it('reads times', () => {
    expect(['7:30', '23.59', '24:00', '7', 'x'].map(readTime)).toEqual([450, 1439, null, null, null])
  })
})
