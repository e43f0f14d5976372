// Until when: moments that are offered, and what was typed read as one.
import { date, clockShort, weekday } from './time'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** When a morning begins: half past seven. */
const MORNING = { hours: 7, minutes: 30 }
/** When a working day ends. */
const EVENING = { hours: 18, minutes: 0 }

export interface Offered {
  id: string
  word: string
  ms: number
}

/** That time of the day which is `days` after that of `ms`, by the clock on the wall. */
function at(ms: number, days: number, hours: number, minutes: number): number {
  const d = new Date(ms)
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + days, hours, minutes).getTime()
}

/** Tomorrow, 07:30. */
export const tomorrow = (now: number): number => at(now, 1, MORNING.hours, MORNING.minutes)

/** Whole minutes from now, so that the moment is not before `ms`. */
export const minutesTo = (ms: number, now: number): number => Math.max(1, Math.ceil((ms - now) / MINUTE))

/** What is offered: an hour, this evening while that is far enough, tomorrow morning, and Monday unless that is tomorrow. */
export function offers(now: number): Offered[] {
  const list: Offered[] = [{ id: 'hour', word: '1 h', ms: now + 60 * MINUTE }]
  const evening = at(now, 0, EVENING.hours, EVENING.minutes)
  if (evening - now > 60 * MINUTE) list.push({ id: 'evening', word: `Today ${clockShort(evening)}`, ms: evening })
  const morning = tomorrow(now)
  list.push({ id: 'morning', word: `Tomorrow ${clockShort(morning)}`, ms: morning })
  const days = (8 - new Date(now).getDay()) % 7 || 7
  if (days > 1) {
    const monday = at(now, days, MORNING.hours, MORNING.minutes)
    list.push({ id: 'monday', word: `${weekday(monday)} ${new Date(monday).getDate()}`, ms: monday })
  }
  return list
}

/** As the field shows a moment: `Wed 19 Nov, 07:30`. */
export const written = (ms: number): string => `${date(ms)}, ${clockShort(ms)}`

/** The name of the zone at that moment: `CET`. */
export const zoneName = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(ms).find((part) => part.type === 'timeZoneName')
    ?.value ?? ''

const units: Record<string, number> = { m: MINUTE, min: MINUTE, h: 60 * MINUTE, d: DAY, w: 7 * DAY }
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * Reads `18:00`, `tomorrow 07:30`, `mon 07:30`, `19 Nov 07:30`, `2026-11-19 07:30`, `2 h`, `3 d`. Null where it is none of
 * these, over, or more than a year away. A day without a time begins in the morning.
 */
export function readUntil(text: string, now: number): number | null {
  const ms = read(text.trim().toLowerCase(), now)
  return ms !== null && ms > now && ms - now <= 366 * DAY ? ms : null
}

function read(text: string, now: number): number | null {
  const span = /^(?:in )?(\d{1,4})\s*(m|min|h|d|w)$/.exec(text)
  if (span) return now + Number(span[1]) * units[span[2]!]!

  const parts = /^(.*?)[\s,]*(?:\b(\d{1,2})[:.](\d{2}))?$/.exec(text)
  if (!parts) return null
  const timed = parts[2] !== undefined
  const hours = timed ? Number(parts[2]) : MORNING.hours
  const minutes = timed ? Number(parts[3]) : MORNING.minutes
  if (hours > 23 || minutes > 59) return null
  const day = parts[1]!.trim()

  if (day === '' || day === 'today') {
    if (!timed) return null
    const today = at(now, 0, hours, minutes)
    return today > now || day === 'today' ? today : at(now, 1, hours, minutes)
  }
  if (day === 'tomorrow') return at(now, 1, hours, minutes)

  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day)
  if (iso) return moment(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]), hours, minutes)

  const named = /^(?:([a-z]{3})[a-z]*)?[\s,]*(?:(\d{1,2})\s+([a-z]{3})[a-z]*)?(?:\s+(\d{4}))?$/.exec(day)
  if (!named) return null
  if (named[2] !== undefined) {
    const month = months.indexOf(named[3]!)
    if (month < 0) return null
    const year = named[4] ? Number(named[4]) : new Date(now).getFullYear()
    const ms = moment(year, month, Number(named[2]), hours, minutes)
    return ms !== null && ms <= now && !named[4] ? moment(year + 1, month, Number(named[2]), hours, minutes) : ms
  }
  const weekday = weekdays.indexOf(named[1] ?? '')
  if (weekday < 0) return null
  const days = (weekday - new Date(now).getDay() + 7) % 7
  const ms = at(now, days, hours, minutes)
  return ms > now ? ms : at(now, days + 7, hours, minutes)
}

function moment(year: number, month: number, day: number, hours: number, minutes: number): number | null {
  const d = new Date(year, month, day, hours, minutes)
  return d.getMonth() === month && d.getDate() === day ? d.getTime() : null
}
