import { describe, expect, it } from 'vitest'

import { minutesTo, offers, readUntil, tomorrow, written } from './until'

/** Tuesday, 14:32. */
const now = new Date(2025, 10, 18, 14, 32).getTime()
const at = (month: number, day: number, hours: number, minutes: number, year = 2025): number =>
  new Date(year, month - 1, day, hours, minutes).getTime()

describe('until', () => {
  it('is read as people write it', () => {
    for (const [text, ms] of [
      ['18:00', at(11, 18, 18, 0)],
      ['9:05', at(11, 19, 9, 5)],
      ['tomorrow', at(11, 19, 7, 30)],
      ['Tomorrow 06:15', at(11, 19, 6, 15)],
      ['today 23:59', at(11, 18, 23, 59)],
      ['mon', at(11, 24, 7, 30)],
      ['Tuesday 08:00', at(11, 25, 8, 0)],
      ['Wed 19 Nov, 07:30', at(11, 19, 7, 30)],
      ['2 jan 10:00', at(1, 2, 10, 0, 2026)],
      ['2025-12-01 10:00', at(12, 1, 10, 0)],
      ['90 min', now + 90 * 60_000],
      ['in 2 h', now + 120 * 60_000],
      ['3d', now + 3 * 86_400_000],
    ] as const) {
      expect(readUntil(text, now), text).toBe(ms)
    }
  })
  it('is not read where it means nothing, or is over, or too far', () => {
    for (const text of ['', 'soon', '25:00', '12:75', 'today 9:00', '31 feb 10:00', '2024-01-01 10:00', '400 d', '0 h', 'xyz 10:00'])
      expect(readUntil(text, now), text).toBeNull()
  })
  it('reads what it writes', () => {
    for (const offered of offers(now)) expect(readUntil(written(offered.ms), now)).toBe(Math.floor(offered.ms / 60_000) * 60_000)
  })
  it('offers what makes sense at that time', () => {
    expect(offers(now).map((one) => one.word)).toEqual(['1 h', 'Today 18:00', 'Tomorrow 07:30', 'Mon 24'])
    const evening = new Date(2025, 10, 23, 17, 30).getTime()
    expect(offers(evening).map((one) => one.word)).toEqual(['1 h', 'Tomorrow 07:30'])
  })
  it('counts whole minutes, so that it does not end before', () => {
    expect(minutesTo(tomorrow(now), now)).toBe(16 * 60 + 58)
    expect(minutesTo(now + 61_000, now)).toBe(2)
    expect(minutesTo(now - 5, now)).toBe(1)
  })
})
