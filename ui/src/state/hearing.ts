// What is heard and what is not, from the topics' states. Quiet must be known from deaf.
import type { Status, Topic, TopicStatus } from '../host'

/** Hearing as a lamp shows it: solid, dashed, hatched, empty. */
export type Hearing = 'listening' | 'reconnecting' | 'deaf' | 'off'

/** A topic that reconnects for longer than this counts as deaf, in ms. */
export const PATIENCE = 60_000

/** Since when a topic is not heard, in ms; null while it is heard or off. */
export function deafSince(topic: TopicStatus): number | null {
  if (topic.phase === 'listening' || topic.phase === 'off') return null
  const open = topic.gaps.findLast((gap) => gap.to === null)
  return open ? Math.min(open.from, topic.since) : topic.since
}

/** How one topic stands. */
export function hearingOf(topic: TopicStatus, now: number): Hearing {
  switch (topic.phase) {
    case 'listening':
      return 'listening'
    case 'off':
      return 'off'
    case 'refused':
      return 'deaf'
    case 'connecting':
    case 'reconnecting':
      return now - (deafSince(topic) ?? now) > PATIENCE ? 'deaf' : 'reconnecting'
  }
}

/** How all topics stand together. */
export interface Whole {
  hearing: Hearing
  heard: Topic[]
  /** Those that should be heard and are not, the longest unheard first. */
  missed: TopicStatus[]
  /** Since when the longest of these is not heard; null when all are. */
  since: number | null
  /** When the next try is due; null when none is. */
  retryAt: number | null
}

/** How all topics stand: the worst of those that are on. */
export function whole(status: Status | null, now: number): Whole {
  const on = (status?.topics ?? []).filter((topic) => topic.phase !== 'off')
  const heard = on.filter((topic) => topic.phase === 'listening').map((topic) => topic.topic)
  const missed = on
    .filter((topic) => topic.phase !== 'listening')
    .sort((a, b) => (deafSince(a) ?? 0) - (deafSince(b) ?? 0))
  const hearing: Hearing = !on.length
    ? 'off'
    : !missed.length
      ? 'listening'
      : missed.some((topic) => hearingOf(topic, now) === 'deaf')
        ? 'deaf'
        : 'reconnecting'
  const retries = missed.map((topic) => topic.retry_at).filter((at) => at !== null)
  return {
    hearing,
    heard,
    missed,
    since: missed[0] ? deafSince(missed[0]) : null,
    retryAt: retries.length ? Math.min(...retries) : null,
  }
}
