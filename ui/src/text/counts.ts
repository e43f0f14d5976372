// Words beside the clauses of a rule: how many events each let through, or how its cases met it.
import { count, some } from './number'

/** The numbers in the editor's margin. */
export const counts = {
  label: 'How many events each line lets through',
  ofCases: 'How often the cases made each clause true and false',
  ofEvent: (when: string) => `What each line gave for the event of ${when}`,
  at: (when: string) => `at ${when}`,
  events: (n: number) => some(n, 'event'),
  heads: {
    day: 'let through, 24 h',
    week: 'let through, 7 days',
    month: 'let through, 30 days',
    all: 'let through, all days',
  },
  headNewest: (n: number) => `let through, newest ${count(n)}`,
  headUntil: (when: string) => `let through, up to ${when}`,
  resolves: 'resolves',
  /** Of which the condition of an `if` is true. */
  parts: (n: number) => `${count(n)} true`,
  clause: (text: string, holds: number, fails: number, unknown: number) => {
    const reached = holds + fails + unknown
    if (reached === 0) return `${text}: no event got here`
    const rest = [`false for ${count(fails)}`, unknown > 0 ? `could not tell for ${count(unknown)}` : ''].filter(Boolean)
    return `${text}: true for ${count(holds)} of ${some(reached, 'event')} that got here, ${rest.join(', ')}`
  },
  through: (n: number, reached: number) => `Together they let through ${count(n)} of ${count(reached)}.`,
  all: (n: number) => `Of all ${some(n, 'event')} of the rule’s kinds.`,
  newest: (n: number, all: number, since: string) => `Of the newest ${count(n)} of ${some(all, 'event')}, from ${since} on.`,
  until: (n: number, all: number, from: string, to: string) =>
    `Of ${count(n)} of ${some(all, 'event')}, ${from} to ${to}: counting the rest takes too long.`,
  line: (line: number, words: string) => `Line ${count(line)}. ${words}`,
  case: (text: string, holds: number, fails: number, unknown: number) =>
    `${text}: in the cases ${holds ? `${count(holds)} times` : 'never'} true, ${fails ? `${count(fails)} times` : 'never'} false` +
    (unknown > 0 ? `, ${count(unknown)} times it could not tell` : ''),

  /** What the past has of a clause that the cases do not show one way. */
  noCase: (clause: string, way: 'true' | 'false') => `No case makes ${clause} ${way}.`,
  history: (n: number) => `History has ${count(n)}.`,
  historyNone: (n: number) => (n === 0 ? 'History has no event that gets there.' : `History has none among ${some(n, 'event')}.`),
  historyMore: (n: number) => `History has ${count(n)}, but it hangs on what was heard before, which one event does not show.`,
  addOne: 'Add one',
}
