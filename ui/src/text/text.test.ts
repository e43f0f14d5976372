import { describe, expect, it } from 'vitest'

import { bytes, count, rate, some } from './number'
import { ago, clock, clockMillis, moment, momentShort, span, spanLong } from './time'
import { stretches, visible } from './visible'

const at = (day: number, h: number, m: number, s = 0, ms = 0): number => new Date(2025, 10, day, h, m, s, ms).getTime()
const now = at(18, 14, 32)

describe('moments', () => {
  it('are local and 24 h', () => {
    expect(clock(at(18, 4, 8, 6))).toBe('04:08:06')
    expect(clockMillis(at(18, 14, 18, 6, 42))).toBe('14:18:06.042')
  })
  it('name as much of the day as is needed', () => {
    expect(moment(at(18, 14, 18, 6), now)).toBe('14:18:06')
    expect(moment(at(17, 21, 40), now)).toBe('yesterday 21:40')
    expect(moment(at(15, 2, 10), now)).toBe('Sat 15 Nov 02:10')
    expect(moment(new Date(2024, 10, 15, 2, 10).getTime(), now)).toBe('Fri 15 Nov 2024 02:10')
    expect(momentShort(at(19, 2, 10), now)).toBe('tomorrow 02:10')
    expect(momentShort(at(18, 15, 30), now)).toBe('15:30')
  })
})

describe('spans', () => {
  it('use the largest unit, rounded down', () => {
    expect(span(59_999)).toBe('59 s')
    expect(span(60_000)).toBe('1 min')
    expect(span(5 * 3_600_000 + 1)).toBe('5 h')
    expect(span(-5)).toBe('0 s')
  })
  it('use two units where the smaller matters', () => {
    expect(spanLong((12 * 60 + 22) * 60_000)).toBe('12 h 22 min')
    expect(spanLong(12 * 3_600_000)).toBe('12 h')
    expect(spanLong(52 * 3_600_000)).toBe('2 d 4 h')
  })
  it('say now for now, and for what is ahead of this clock', () => {
    expect(ago(now - 1999, now)).toBe('now')
    expect(ago(now + 5000, now)).toBe('now')
    expect(ago(now - 4000, now)).toBe('4 s ago')
  })
})

it('writes numbers in full', () => {
  expect(count(1_204_318)).toBe('1,204,318')
  expect(rate(1.94)).toBe('1.9')
  expect(rate(2316.4)).toBe('2,316')
  expect(bytes(223)).toBe('223 B')
  expect(bytes(1234)).toBe('1.2 kB')
  expect(some(1, 'gap')).toBe('1 gap')
  expect(some(0, 'gap')).toBe('0 gaps')
})

describe('text from the air', () => {
  it('keeps what can be seen', () => {
    expect(stretches('Café <b>&amp; 漢字 العربية 🛰')).toEqual([
      { text: 'Café <b>&amp; 漢字 العربية 🛰', control: false },
    ])
  })
  it('names what cannot, and what would turn the line around', () => {
    expect(visible('a\0b\tc\nd\u001b[31m')).toBe('a\\0b\\tc\\nd\\e[31m')
    expect(visible('x\u202egnp.exe\u2066')).toBe('x<U+202E>gnp.exe<U+2066>')
    expect(visible('a\u200bb\ufeff\u{e0041}')).toBe('a<U+200B>b<U+FEFF><U+E0041>')
    expect(visible('\ud800')).toBe('<U+D800>')
  })
  it('tells stretches apart', () => {
    expect(stretches('ab\u202ecd')).toEqual([
      { text: 'ab', control: false },
      { text: 'U+202E', control: true },
      { text: 'cd', control: false },
    ])
    expect(stretches('')).toEqual([])
  })
})
