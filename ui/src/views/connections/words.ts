import type { TopicStatus } from '../../host'
import type { Hearing } from '../../state/hearing'
import { en } from '../../text/en'
import { moment, spanLong, until } from '../../text/time'

/** A topic's state in a word and, under it, since when or until when. `hearing` decides between the two violets. */
export function stateWords(topic: TopicStatus, hearing: Hearing, now: number): { word: string; more: string } {
  const since = en.connections.since(moment(topic.since, now))
  switch (topic.phase) {
    case 'listening':
      return { word: en.coverage.listening, more: since }
    case 'off':
      return { word: en.coverage.off, more: en.connections.byChoice }
    case 'refused':
      return { word: en.coverage.refused, more: since }
    case 'connecting':
      return { word: hearing === 'deaf' ? en.coverage.deaf : en.coverage.connecting, more: topic.tries > 1 ? en.connections.try(topic.tries) : since }
    case 'reconnecting': {
      const due = topic.retry_at === null || topic.retry_at <= now ? null : until(topic.retry_at, now)
      return { word: hearing === 'deaf' ? en.coverage.deaf : en.coverage.reconnecting, more: en.connections.tries(topic.tries, due) }
    }
  }
}

/** "1 gap, 21 min": what was not heard in the last 24 h; empty when all was. */
export function gapWords(topic: TopicStatus, now: number): string {
  const from = now - 86_400_000
  const lost = topic.gaps.reduce((sum, gap) => sum + Math.max(0, (gap.to ?? now) - Math.max(gap.from, from)), 0)
  if (topic.gaps.length === 0) return topic.phase === 'off' ? '' : topic.begun === null ? en.connections.noGap : en.connections.noGapSince
  if (lost >= 86_400_000 - 60_000) return en.connections.deafAllDay
  return en.connections.gaps(topic.gaps.length, spanLong(lost))
}
