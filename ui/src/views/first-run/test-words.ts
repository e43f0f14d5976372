import type { StepState, TestStage } from '../../host'

/** A stage of the connection test in words, by how it went. */
export const STAGE_WORDS: Record<TestStage, Record<StepState, string>> = {
  name: { running: 'Looking up the name', good: 'Name found', failed: 'Name not found', skipped: 'Name' },
  line: { running: 'Opening a secure line', good: 'Secure line', failed: 'No secure line', skipped: 'Secure line' },
  key: { running: 'Showing the key', good: 'Key accepted', failed: 'Key not accepted', skipped: 'Key' },
  topics: { running: 'Opening the topics', good: 'Topics open', failed: 'Not every topic opened', skipped: 'Topics' },
  first_message: { running: 'First message', good: 'First message', failed: 'No message', skipped: 'First message' },
}

/** What a topic is about, in a few words. */
export const TOPIC_WORDS = {
  security: 'rogues, attacks',
  audit: 'who changed what',
  presence: 'who is heard',
  location: 'where devices are',
  monitoring: 'state and counters',
  apprf: 'application sessions',
} as const

/** `12 ms`, `0.3 s`, `6 s`. */
export function took(millis: number): string {
  if (millis < 100) return `${Math.round(millis)} ms`
  return millis < 950 ? `${(millis / 1000).toFixed(1)} s` : `${Math.round(millis / 1000)} s`
}
