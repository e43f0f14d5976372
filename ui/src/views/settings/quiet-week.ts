// The quiet hours as they are painted: a week of half hours; and as they are kept: stretches of some days.
import type { Hours } from '../../host'
import { en } from '../../text/en'

/** Half hours of a day. */
export const SLOTS = 48
const SLOT = 30
const DAY = 24 * 60

/** Seven days from Monday, each of 48 half hours: whether it is quiet. */
export type Week = readonly (readonly boolean[])[]

export const nothing = (): boolean[][] => Array.from({ length: 7 }, () => Array.from({ length: SLOTS }, () => false))

/** Weekdays before 07:30 and from 18:00, and the weekend. */
export const weeknights = (): boolean[][] => nothing().map((day, d) => day.map((_, slot) => d > 4 || slot < 15 || slot >= 36))

/** A half hour is painted when it is quiet at its beginning. */
export function weekOf(hours: readonly Hours[]): boolean[][] {
  const week = nothing()
  for (const { days, from, to } of hours) {
    const length = to > from ? to - from : to + DAY - from
    for (const day of days) {
      for (let slot = 0; slot < 7 * SLOTS; slot++) {
        const since = (slot * SLOT - ((day - 1) * DAY + from) + 7 * DAY) % (7 * DAY)
        if (since < length) week[Math.floor(slot / SLOTS)]![slot % SLOTS] = true
      }
    }
  }
  return week
}

type Run = [from: number, to: number]

/** The stretches of one day, in minutes. */
function runs(day: readonly boolean[]): Run[] {
  const list: Run[] = []
  day.forEach((quiet, slot) => {
    const last = list[list.length - 1]
    if (!quiet) return
    if (last && last[1] === slot * SLOT) last[1] += SLOT
    else list.push([slot * SLOT, (slot + 1) * SLOT])
  })
  return list
}

/** As it is kept: days with the same stretch together. */
export function hoursOf(week: Week): Hours[] {
  const found = new Map<string, Hours>()
  week.forEach((day, d) => {
    for (const [from, to] of runs(day)) {
      const key = `${from} ${to}`
      const hours = found.get(key) ?? { days: [], from, to: to % DAY }
      hours.days.push(d + 1)
      found.set(key, hours)
    }
  })
  return [...found.values()]
}

/** `07:30` of minutes after midnight. */
export const time = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** Minutes after midnight of `7:30`; null where it is no time. */
export function readTime(text: string): number | null {
  const parts = /^(\d{1,2})[:.](\d{2})$/.exec(text.trim())
  if (!parts) return null
  const [hours, minutes] = [Number(parts[1]), Number(parts[2])]
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null
}

/** `Mon to Thu`, `Sat, Sun`, of days from 1 for Monday. */
export function daysSaid(days: readonly number[]): string {
  const sorted = days.toSorted((a, b) => a - b)
  const groups: number[][] = []
  for (const day of sorted) {
    const last = groups[groups.length - 1]
    if (last && last[last.length - 1] === day - 1) last.push(day)
    else groups.push([day])
  }
  const name = (day: number): string => en.noise.days[day - 1] ?? ''
  return groups
    .flatMap((group) => (group.length > 2 ? [en.noise.to(name(group[0]!), name(group[group.length - 1]!))] : group.map(name)))
    .join(', ')
}

/** The whole week in words: `Mon to Fri 00:00 to 07:30 and 18:00 to 24:00; Sat, Sun all day.` */
export function said(week: Week): string {
  const found = new Map<string, number[]>()
  week.forEach((day, d) => {
    const list = runs(day)
    if (!list.length) return
    const whole = list.length === 1 && list[0]![0] === 0 && list[0]![1] === DAY
    const words = whole ? en.noise.allDay : list.map(([from, to]) => en.noise.range(time(from), time(to))).join(en.noise.and)
    found.set(words, [...(found.get(words) ?? []), d + 1])
  })
  if (!found.size) return en.noise.never
  if (found.size === 1 && found.get(en.noise.allDay)?.length === 7) return `${en.noise.always} ${en.noise.rings}`
  return `${[...found].map(([words, days]) => `${daysSaid(days)} ${words}`).join('; ')}. ${en.noise.rings}`
}
