// How moments and spans are written: local, 24 h, short.

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const two = (n: number): string => String(n).padStart(2, '0')
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `14:18:06` */
export function clock(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** `14:18` */
export function clockShort(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}`
}

/** `14:18:06.402` */
export function clockMillis(ms: number): string {
  return `${clock(ms)}.${String(new Date(ms).getMilliseconds()).padStart(3, '0')}`
}

const dayNumber = (ms: number): number => {
  const d = new Date(ms)
  return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate()) / DAY
}

/** `Tue 18 Nov` */
export function date(ms: number): string {
  const d = new Date(ms)
  return `${days[d.getDay()]} ${d.getDate()} ${months[d.getMonth()]}`
}

/** `Tue` */
export const weekday = (ms: number): string => days[new Date(ms).getDay()]!

/** The moment with as much of the day as is needed: `14:18:06`, `yesterday 21:40`, `Tue 18 Nov 21:40`. */
export function moment(ms: number, now: number): string {
  const back = dayNumber(now) - dayNumber(ms)
  if (back === 0) return clock(ms)
  if (back === 1) return `yesterday ${clockShort(ms)}`
  const year = new Date(ms).getFullYear()
  const other = year === new Date(now).getFullYear() ? '' : ` ${year}`
  return `${date(ms)}${other} ${clockShort(ms)}`
}

/** The same to the minute: `15:30`, `tomorrow 02:10`, `Fri 21 Nov 02:10`. */
export function momentShort(ms: number, now: number): string {
  const back = dayNumber(now) - dayNumber(ms)
  if (back === 0) return clockShort(ms)
  if (back === 1) return `yesterday ${clockShort(ms)}`
  if (back === -1) return `tomorrow ${clockShort(ms)}`
  return `${date(ms)} ${clockShort(ms)}`
}

/** The same as part of a sentence: `at 09:24`, `yesterday at 21:40`, `on Sat 15 Nov at 02:10`. */
export function momentSaid(ms: number, now: number): string {
  const back = dayNumber(now) - dayNumber(ms)
  if (back === 0) return `at ${clockShort(ms)}`
  if (back === 1) return `yesterday at ${clockShort(ms)}`
  return `on ${date(ms)} at ${clockShort(ms)}`
}

/** A span in its largest unit, rounded down: `4 s`, `14 min`, `5 h`, `3 d`. */
export function span(ms: number): string {
  const s = Math.max(0, ms)
  if (s < MINUTE) return `${Math.floor(s / SECOND)} s`
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min`
  if (s < DAY) return `${Math.floor(s / HOUR)} h`
  return `${Math.floor(s / DAY)} d`
}

/** A span in two units where the smaller still matters: `12 h 22 min`, `2 d 4 h`, `21 min`. */
export function spanLong(ms: number): string {
  const s = Math.max(0, ms)
  const pair = (unit: number, name: string, sub: number, subName: string): string => {
    const big = Math.floor(s / unit)
    const small = Math.floor((s % unit) / sub)
    return small ? `${big} ${name} ${small} ${subName}` : `${big} ${name}`
  }
  if (s < HOUR) return span(s)
  if (s < DAY) return pair(HOUR, 'h', MINUTE, 'min')
  return pair(DAY, 'd', HOUR, 'h')
}

/** `now` under two seconds, else `4 s ago`. A moment ahead of us reads as now. */
export function ago(ms: number, now: number): string {
  return now - ms < 2 * SECOND ? 'now' : `${span(now - ms)} ago`
}

/** How long until: `41 s`, never below 0. */
export const until = (ms: number, now: number): string => spanLong(ms - now)
