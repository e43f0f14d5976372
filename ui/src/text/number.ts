// How numbers are written. Numbers are never cut.

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })

/** `2,318` */
export const count = (n: number): string => whole.format(n)

/** One decimal where it tells something: `1.9`, `38.6`, `2,316`. */
export const rate = (n: number): string => (n < 100 ? tenth.format(n) : whole.format(n))

/** `223 B`, `1.2 kB` (1 kB is 1,000 bytes). */
export const bytes = (n: number): string => (n < 1000 ? `${n} B` : `${tenth.format(n / 1000)} kB`)

/** English plural: `1 gap`, `2 gaps`. */
export const some = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`
