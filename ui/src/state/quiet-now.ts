// Whether it is quiet now, by the clock on the wall of the operator's zone.
import type { Hours } from '../host'

const DAY = 24 * 60
const WEEK = 7 * DAY
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** The zone that hours are meant in. */
export const zoneOf = (chosen: string): string => chosen || Intl.DateTimeFormat().resolvedOptions().timeZone

/** How many minutes of the week have gone by there, from Monday 00:00. */
export function minuteOfWeek(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return days.indexOf(part('weekday')) * DAY + Number(part('hour')) * 60 + Number(part('minute'))
}

/** How many minutes from `minute` on it stays within these hours; 0 when it is not in them, a week when they never end. */
export function staysFor(hours: readonly Hours[], minute: number): number {
  let stays = 0
  while (stays < WEEK) {
    const at = (minute + stays) % WEEK
    const left = hours.flatMap(({ days: begin, from, to }) => {
      const length = to > from ? to - from : to + DAY - from
      return begin.map((day) => length - ((at - ((day - 1) * DAY + from) + WEEK) % WEEK)).filter((rest) => rest > 0)
    })
    if (!left.length) return stays
    stays += Math.max(...left)
  }
  return WEEK
}

/** `07:30`, with its day where that is not today: `Mon 07:30`. */
export function endSaid(minute: number, stays: number): string {
  const end = (minute + stays) % WEEK
  const clock = `${String(Math.floor((end % DAY) / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`
  const today = Math.floor(minute / DAY) === Math.floor((minute + stays) / DAY)
  return today ? clock : `${days[Math.floor(end / DAY)]} ${clock}`
}
