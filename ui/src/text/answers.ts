// The words of Why in Live: what each rule says of an event.
import type { Came } from '../host'
import { count, some } from './number'

export const answers = {
  answers: {
    asking: (done: number, of: number) => `Asking the rules, ${count(done)} of ${count(of)}`,
    by: 'by the rules as they are now',
    matched: (title: string) => `${title} matches.`,
    matchedMany: (n: number) => `${some(n, 'rule')} match.`,
    resolved: (title: string) => `${title} resolves.`,
    closest: (title: string) => `${title} came closest.`,
    unknown: (title: string) => `${title} cannot tell.`,
    nothing: 'No rule listens to this kind of event.',
    nothingOn: 'No rule that is on listens to this kind of event.',
    list: 'What each rule says of the event',
    came: {
      matched: 'matches',
      resolved: 'resolves',
      'not-matched': 'does not match',
      'cannot-tell': 'cannot tell',
      failed: 'fails',
      'ran-away': 'runs away',
      'not-asked': 'not asked',
    } satisfies Record<Came, string>,
    of: (held: number, all: number) => `${count(held)} of ${some(all, 'clause')} hold`,
    off: 'Off',
    try: 'Try it on this event',
    tryOf: (title: string) => `Try ${title} on this event`,
    openRule: 'Open rule',
    others: (n: number) => `${n === 1 ? '1 rule is' : `${count(n)} rules are`} for other kinds of event.`,
  },
}
