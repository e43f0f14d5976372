// The words of Connections.
import type { Topic } from '../host'
import { some } from './number'

const TH = ['th', 'st', 'nd', 'rd']

/** `3rd`. */
export function nth(n: number): string {
  const tens = n % 100
  return `${n}${(tens > 10 && tens < 14 ? undefined : TH[n % 10]) ?? 'th'}`
}

export const connections = {
  ofDemo: 'The demo’s campus, on this computer',
  reconnect: 'Reconnect all',
  connect: 'Connect to Central…',
  leaveDemo: 'Leave the demo',
  change: 'Change account…',
  topics: 'Topics',
  columns: { topic: 'Topic', state: 'State', rate: 'Rate, last hour', last: 'Last event', day: 'Last 24 h', on: 'On' },
  turnedOn: (topic: string) => `Listening to ${topic}`,
  turnedOff: (topic: string) => `${topic} is off. Rules for it are asleep.`,
  asked: 'Central was asked for the key',
  replaced: 'The key is replaced',

  /** What a topic is about. */
  about: {
    security: 'Rogues and attacks',
    audit: 'Who changed what',
    presence: 'Who is heard, and where',
    location: 'Where devices are',
    monitoring: 'Device state and counters',
    apprf: 'Application sessions',
  } satisfies Record<Topic, string>,
  since: (when: string) => `since ${when}`,
  byChoice: 'by your choice',
  try: (n: number) => `${nth(n)} try`,
  tries: (n: number, span: string | null) => `${n > 0 ? `${nth(n)} try` : 'next try'} ${span === null ? 'now' : `in ${span}`}`,
  noGap: 'no gap',
  noGapSince: 'no gap since the start',
  deafAllDay: 'not listening all day',
  gaps: (n: number, span: string) => `${some(n, 'gap')}, ${span}`,
  perMinute: (rate: string) => `${rate}/min`,
  never: 'never',
  daySaid: (gaps: string) => `Last 24 hours: ${gaps}`,
  listenTo: (topic: string) => `Listen to ${topic}`,
  saidByProxy: 'The proxy said',
  saidByCentral: 'Central said',
  happened: 'What happened',
  toDo: 'What to do',
  sameFor: (topics: readonly string[]) => `The same for ${topics.join(', ')}.`,
  again: 'Try again',
  turnOff: (topic: string) => `Turn ${topic} off`,
  notYet: 'Not listening yet',

  gapsTitle: 'Gaps, last 24 h',
  gapsNone: 'None. Every topic that is on was heard all the time.',
  soFar: (span: string, open: boolean) => (open ? `${span} so far` : span),

  key: {
    title: 'Key',
    expired: (when: string) => `Expired ${when}. Nothing is heard until a new one is here.`,
    works: 'Works until ',
    for: (span: string) => `, ${span} from now.`,
    next: 'The next is fetched ',
    ask: 'Ask now',
    asking: 'Asking',
    replace: 'Replace…',
    made: (when: string) => `Made ${when} for `,
    kept: (keyring: boolean) => (keyring ? ', kept in the keyring' : ', held for this run only'),
    renews: 'renews',
    now: 'now',
    replaceTitle: 'Replace the key',
    new: 'New key',
    itExpired: (when: string) => `It expired ${when}.`,
    itWorks: (when: string, span: string) => `Works until ${when}, ${span} from now.`,
    customer: ' Customer ',
    from: 'From Central’s Streaming page. The connections are opened again with it.',
    replaceIt: 'Replace',
  },

  /** Said of the chart of a rate. */
  rateSaid: (now: string, between: readonly string[] | null, deaf: string) =>
    [
      `Events a minute in the last hour: ${now} now`,
      between ? `between ${between[0]} and ${between[1]}` : 'not counted before',
      deaf ? `not listening for ${deaf}` : '',
    ]
      .filter(Boolean)
      .join(', '),
  rateAt: (from: string, to: string, n: number) => `${from} to ${to}: ${some(n, 'event')}`,
  rateHole: (reason: string, from: string, to: string) => `Not listening ${from} to ${to}. ${reason}`,
}
