// The words of what stands beside the rule editor: Past, Cases, Explain, and the choice of an event.
import type { Came, CaseVerdict, Told } from '../host'
import { count, some } from './number'

const list = (names: readonly string[]): string => names.join(', ')

export const beside = {
  side: {
    label: 'About the rule',
    past: 'Past',
    cases: 'Cases',
    explain: 'Explain',
    about: 'About',
  },

  lists: {
    title: 'Lists',
    back: 'Back to the rules',
    new: 'New list',
    entries: (n: number) => some(n, 'entry', 'entries'),
    entry: 'Entry',
    remark: 'Remark',
    column: (name: string) => `Column ${name}`,
    add: 'Add a line',
    removeLine: 'Take the line out',
    takenOut: (line: string) => (line ? `Taken out: ${line}` : 'The line is taken out'),
    filter: 'Filter entries',
    shown: (shown: number, all: number) => `${count(shown)} of ${some(all, 'line')} shown. The filter finds the others.`,
    none: 'Nothing in it yet. Rules that ask it find nothing.',
    noMatch: 'No line has these words.',
    asked: (name: string) => `Rules ask it with in_list("${name}", …). Case and the way a MAC is written do not matter; 10.20.0.0/16 stands for all its addresses.`,
    deleted: (file: string) => `${file} is deleted`,
    saved: (file: string) => `${file} is saved and counts from the next event`,
    outside: 'The file changed outside Tocsin.',
    theirs: 'Take theirs',
    mine: 'Keep mine',
    name: 'Name',
    table: 'With columns (CSV)',
    bad: 'Use letters, digits, hyphens and underscores.',
    taken: 'There is already a list of this name.',
    create: 'Begin it',
    nothing: 'Nothing is written until you save it.',
    revert: 'Revert',
    cancel: 'Cancel',
    save: 'Save',
    edited: 'Edited',
  },

  findings: {
    error: 'Error. ',
    warning: 'Warning. ',
    fix: 'Fix',
  },

  complete: {
    /** Beside a value. */
    times: (n: number) => `${count(n)} seen`,
    notSeen: 'not seen',
    of: (n: number, events: number) => `In ${count(n)} of the latest ${some(events, 'event')} that have this field.`,
    head: (different: number) => `Seen on this network, ${count(different)} different`,
    none: (events: number) => `Empty in the latest ${some(events, 'event')}`,
    number: (n: number) => count(n),
  },

  past: {
    begins: 'Reading the log…',
    replaying: (when: string, percent: number) => `Replaying ${when}, ${count(percent)} %`,
    sofar: (n: number) => `${some(n, 'alert')} so far`,
    stretch: 'How far back',
    stretches: { day: '24 h', week: '7 days', month: '30 days', all: 'All' },
    alerts: (n: number) => (n === 1 ? 'alert' : 'alerts'),
    begun: (when: string) => `The log begins ${when}.`,
    notListening: 'not listening',
    asEdited: (n: number) => `${n === 1 ? 'alert' : 'alerts'} as edited`,
    asSaved: 'as saved',
    ofLastGood: 'Of the text before it had an error. It is played again once it has none.',
    popupsADay: (n: number) => (n === 1 ? 'pop-up a day' : 'pop-ups a day'),
    popups: 'pop-ups',
    gained: (n: number) => `${count(n)} gained`,
    lost: (n: number) => `${count(n)} lost`,
    sorts: { both: 'both', gained: 'gained', lost: 'lost' },
    when: 'When it would have fired',
    looked: (events: number, ms: number) => `${some(events, 'event')} in ${count(Math.max(1, Math.round(ms)))} ms`,
    perDay: (now: string, saved: string) => `${now} pop-ups a day as edited, ${saved} as saved`,
    changes: 'What changes',
    alertsList: 'Alerts',
    otherwise: (n: number) => `${count(n)} in both, otherwise`,
    noChange: 'Nothing changes: both versions raise the same alerts.',
    never: 'It would not have fired.',
    more: (others: string) => `And ${others}.`,
    cancelled: (when: string) => `Stopped. This is up to ${when}.`,
    cannotTell: (n: number) => `On ${some(n, 'event')} it could not tell.`,
    failed: (n: number) => `On ${some(n, 'event')} it failed.`,
    described: (alerts: number, days: number, deaf: number) =>
      `${some(alerts, 'alert')} on ${some(days, 'day')}, a row a day${deaf > 0 ? `, ${some(deaf, 'stretch', 'stretches')} not heard` : ''}`,
  },

  picker: {
    filter: 'Filter of events',
    reading: 'Reading the log…',
    none: (on: readonly string[]) => `The log has no event of ${list(on) || 'any kind'} yet.`,
    noneMatch: 'No event of the log passes the filter.',
    shown: (n: number) => `${some(n, 'event')}, newest first`,
    more: 'Show older',
    cancel: 'Cancel',
  },

  explain: {
    event: 'Event',
    fields: 'Fields of the event',
    heard: (kind: string, later: string) => `${kind}, received ${later} later`,
    fieldsRead: (read: number, all: number) => `${read} of ${all} fields read`,
    lines: (lines: readonly number[]) => `line ${lines.join(', ')}`,
    choose: 'Choose an event',
    use: 'Explain it',
    older: 'Older event',
    newer: 'Newer event',
    clauses: 'Clauses',
    sum: (told: readonly Told[]) => {
      const many = (one: Told) => told.filter((each) => each === one).length
      const [holds, fails] = [many('true'), many('false')]
      const parts = [
        holds ? `${holds} ${holds === 1 ? 'holds' : 'hold'}` : '',
        fails ? `${fails} ${fails === 1 ? 'does' : 'do'} not${holds ? '' : ' hold'}` : '',
        many('cannot-tell') ? `${many('cannot-tell')} unknown` : '',
        many('not-reached') ? `${many('not-reached')} not reached` : '',
      ]
      return list(parts.filter(Boolean))
    },
    cameOfIt: 'What came of it',
    makeCase: 'Make a case of it',
    none: 'Nothing to explain yet',
    noneHint: 'The log has no event of the kinds this rule listens to.',
    came: {
      matched: 'It matches',
      resolved: 'It resolves',
      'not-matched': 'It does not match',
      'cannot-tell': 'It cannot tell',
      failed: 'It fails',
      'ran-away': 'It runs away',
      'not-asked': 'It is not asked',
    } satisfies Record<Came, string>,
  },

  cases: {
    title: 'Cases',
    text: 'Text of the cases',
    none: 'No cases yet',
    noneHint:
      'A case shows events to the rule and says what it is to do. Make one of an event that was heard: it expects what the rule does now.',
    fromHistory: 'Add from history',
    use: 'Make a case',
    add: 'New case',
    newName: 'what it shows, in a few words',
    added: 'A case was added. Save to keep it.',
    pass: (passed: number, all: number) =>
      passed === all ? (all === 1 ? '1 case passes' : `All ${count(all)} pass`) : `${count(passed)} of ${count(all)} pass`,
    passes: 'Passes',
    fails: 'Fails',
    cannotRun: 'The cases cannot run',
    running: 'Running…',
    took: (ms: number) => `as you type, ${count(Math.max(1, Math.round(ms)))} ms`,
    line: (n: number) => `Line ${count(n)}`,
    silent: 'Nothing, as expected',
    happens: (what: readonly string[]) => {
      const words = [...new Set(what)].map((one) => {
        const times = what.filter((other) => other === one).length
        return times > 1 ? `${one} ${count(times)} times` : one
      })
      return list(words).replace(/^./, (first) => first.toUpperCase())
    },
    differs: (verdict: CaseVerdict) => {
      const many = (side: string) => verdict.story.filter((line) => line.side === side).length
      const parts = [
        many('missing') ? `${count(many('missing'))} did not happen` : '',
        many('unexpected') ? `${count(many('unexpected'))} not expected` : '',
      ].filter(Boolean)
      return parts.length ? list(parts) : 'The rule gave no answer'
    },
    expected: 'Expected',
    got: 'Got',
    both: 'Compared',
    missing: 'Did not happen',
    unexpected: 'Not expected',
    expectNow: 'Expect what it does now',
    reach: 'What the cases reach',
    reachAll: 'every clause, both ways',
    reachMissing: (n: number) => `${some(n, 'clause')} not both ways`,
    clause: 'Clause',
    true: 'true',
    false: 'false',
    never: 'never',
    outside: 'The cases changed outside Tocsin while you were editing.',
    outsideGone: 'The cases were deleted outside Tocsin.',
    outsideHint: 'They are not saved until you choose.',
  },
}
