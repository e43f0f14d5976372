// The words of what is stored, and of what Tocsin is made of.
import { count, some } from './number'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']
const tenth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })

/** `412.6 MB`, `2 GB`: a kilobyte is 1,000 bytes. */
export function size(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000
    unit++
  }
  return `${unit === 0 ? count(value) : tenth.format(value)} ${UNITS[unit]}`
}

export const storage = {
  title: 'Storage',
  reading: 'Measuring',
  used: (limit: string) => `of ${limit} used`,
  usedSaid: (used: string, limit: string) => `${used} of ${limit} used`,
  days: (n: number) => (n === 1 ? 'day kept' : 'days kept'),
  of: (n: number) => `of ${some(n, 'day')}`,
  since: (when: string) => `The oldest message was received ${when}.`,
  none: 'Nothing was received yet.',
  columns: { topic: 'Topic', messages: 'Messages', size: 'Size', since: 'Since' },
  rest: 'Alerts, rules and the rest',
  keepDays: 'Keep for so many days',
  keepDaysWhy: 'What is older goes. Alerts stay for a year after their end, without their events.',
  keepSize: 'Keep at most, in MB',
  keepSizeWhy: 'The oldest goes first, whatever its topic.',
  less: (of: string) => `Less: ${of.toLowerCase()}`,
  more: (of: string) => `More: ${of.toLowerCase()}`,
}

export const about = {
  licences: 'Made with',
  licencesWhy: (n: number) => `${some(n, 'part')} of others, each under its own licence. Tocsin itself is under the Apache License 2.0.`,
  filter: 'Filter by name or licence',
  list: 'Parts and their licences',
  none: 'No part has that name or licence.',
  columns: { name: 'Part', version: 'Version', licence: 'Licence' },
}

export const diagnostics = {
  name: 'Diagnostics',
  why: 'One file that helps to find a fault: versions, states, counts and codes. No key, customer, name or event is in it. Read it before you pass it on.',
  save: 'Save a file',
  done: (path: string) => `Diagnostics written to ${path}`,
}

export const sounds = {
  name: 'Sound',
  why: 'Pop-ups of these severities sound, if the desktop plays sounds.',
}
