// The words of what the operator says of an alert: it was useful, or noise.
import type { Verdict } from '../host'
import { count } from './number'

export const judging = {
  word: { useful: 'Useful', noise: 'Noise' } satisfies Record<Verdict, string>,
  said: { useful: 'You said it was useful', noise: 'You said it was noise' } satisfies Record<Verdict, string>,
  backTip: 'Take back what you said',
  done: (n: number, verdict: Verdict) => `${count(n)} marked as ${verdict}`,
  back: (n: number) => `Taken back for ${count(n)}`,
  /** Of the alerts of a rule in the past week. */
  ofRule: (useful: number, noise: number) => {
    const share = Math.round((100 * noise) / (useful + noise))
    return `${count(useful + noise)} judged in 7 days: ${count(useful)} useful, ${count(noise)} noise (${count(share)} %).`
  },
  makeCase: 'Make a case',
  caseAdded: {
    useful: 'A case was added that expects this alert. Save to keep it.',
    noise: 'A case was added that expects nothing. It passes once the rule lets this go.',
  } satisfies Record<Verdict, string>,
  looking: 'Looking for the fewest events that raise it…',
  notFewest: 'It may hold more events than it needs: looking for the fewest took too long.',
  ruleGone: (rule: string) => `There is no rule ${rule} any more to make a case for.`,
}
