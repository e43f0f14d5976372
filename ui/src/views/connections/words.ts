import type { Topic, TopicStatus } from '../../host'
import type { Hearing } from '../../state/hearing'
import { moment, spanLong, until } from '../../text/time'
import { some } from '../../text/number'

/** What a topic is about. */
export const ABOUT: Record<Topic, string> = {
  security: 'Rogues and attacks',
  audit: 'Who changed what',
  presence: 'Who is heard, and where',
  location: 'Where devices are',
  monitoring: 'Device state and counters',
  apprf: 'Application sessions',
}

const TH = ['th', 'st', 'nd', 'rd']

/** `3rd`. */
export function nth(n: number): string {
  const tens = n % 100
  return `${n}${(tens > 10 && tens < 14 ? undefined : TH[n % 10]) ?? 'th'}`
}

/** A topic's state in a word and, under it, since when or until when. `hearing` decides between the two violets. */
export function stateWords(topic: TopicStatus, hearing: Hearing, now: number): { word: string; more: string } {
  const since = `since ${moment(topic.since, now)}`
  switch (topic.phase) {
    case 'listening':
      return { word: 'Listening', more: since }
    case 'off':
      return { word: 'Off', more: 'by your choice' }
    case 'refused':
      return { word: 'Refused', more: since }
    case 'connecting':
      return { word: hearing === 'deaf' ? 'Deaf' : 'Connecting', more: topic.tries > 1 ? `${nth(topic.tries)} try` : since }
    case 'reconnecting': {
      const tries = topic.tries > 0 ? `${nth(topic.tries)} try` : 'next try'
      const due = topic.retry_at === null ? 'now' : topic.retry_at <= now ? 'now' : `in ${until(topic.retry_at, now)}`
      return { word: hearing === 'deaf' ? 'Deaf' : 'Reconnecting', more: `${tries} ${due}` }
    }
  }
}

/** "1 gap, 21 min": what was not heard in the last 24 h; empty when all was. */
export function gapWords(topic: TopicStatus, now: number): string {
  const from = now - 86_400_000
  const lost = topic.gaps.reduce((sum, gap) => sum + Math.max(0, (gap.to ?? now) - Math.max(gap.from, from)), 0)
  if (topic.gaps.length === 0) return topic.phase === 'off' ? '' : topic.begun === null ? 'no gap' : 'no gap since the start'
  if (lost >= 86_400_000 - 60_000) return 'not listening all day'
  return `${some(topic.gaps.length, 'gap')}, ${spanLong(lost)}`
}
