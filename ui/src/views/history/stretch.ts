// From when to when: what is offered, and days that were typed.
import { date, clockShort } from '../../text/time'

export type StretchId = 'day' | 'week' | 'month' | 'all' | 'picked'

/** From then, to before then; null is open. */
export interface Stretch {
  from: number | null
  to: number | null
}

const DAY = 86_400_000
const SPANS = { day: DAY, week: 7 * DAY, month: 30 * DAY }

/** The stretch of a choice, as of now. */
export function stretchOf(id: StretchId, picked: Stretch, now: number): Stretch {
  if (id === 'picked') return picked
  return { from: id === 'all' ? null : now - SPANS[id], to: null }
}

/** Midnight of the day that is `by` days on. */
export const midnight = (ms: number, by = 0): number => {
  const d = new Date(ms)
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + by).getTime()
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * Reads `today`, `yesterday`, `18 Nov`, `18 Nov 2026`, `2026-11-18`, each with or without `14:30`. With `end`, a day
 * without a time means its end. Without a year it is the latest such day. Null where it is none of these.
 */
export function readDay(text: string, now: number, end: boolean): number | null {
  const parts = /^(.*?)[\s,]*(?:\b(\d{1,2})[:.](\d{2}))?$/.exec(text.trim().toLowerCase())
  if (!parts) return null
  const timed = parts[2] !== undefined
  const [hours, minutes] = [Number(parts[2] ?? 0), Number(parts[3] ?? 0)]
  if (hours > 23 || minutes > 59) return null
  const day = dayOf(parts[1]!.trim(), now)
  if (!day) return null
  const [year, month, dayOfMonth] = day
  const ms = new Date(year, month, dayOfMonth + (timed || !end ? 0 : 1), hours, minutes).getTime()
  const whole = new Date(year, month, dayOfMonth)
  return whole.getMonth() === month && whole.getDate() === dayOfMonth ? ms : null
}

function dayOf(text: string, now: number): [number, number, number] | null {
  const today = new Date(now)
  const back = { '': 0, today: 0, yesterday: 1 }[text]
  if (back !== undefined) {
    const d = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back)
    return [d.getFullYear(), d.getMonth(), d.getDate()]
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return [Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])]
  const named = /^(?:[a-z]{3,9}[\s,]+)?(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:\s+(\d{4}))?$/.exec(text)
  const month = named ? months.indexOf(named[2]!) : -1
  if (!named || month < 0) return null
  const dayOfMonth = Number(named[1])
  const year = named[3] ? Number(named[3]) : today.getFullYear()
  const ahead = new Date(year, month, dayOfMonth).getTime() > now
  return [ahead && !named[3] ? year - 1 : year, month, dayOfMonth]
}

/** As the fields show a moment: `18 Nov 2026`, with its time unless that is midnight. */
export function written(ms: number): string {
  const time = clockShort(ms)
  const day = `${date(ms).replace(/^\w+ /, '')} ${new Date(ms).getFullYear()}`
  return time === '00:00' ? day : `${day} ${time}`
}

/** The day alone, with its year only where it is another: `18 Nov`. */
export function writtenShort(ms: number, now: number): string {
  const year = new Date(ms).getFullYear()
  return `${date(ms).replace(/^\w+ /, '')}${year === new Date(now).getFullYear() ? '' : ` ${year}`}`
}
