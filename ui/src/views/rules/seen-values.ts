// Values that a field had on this network, offered while a rule is written.
import type { Completion } from '@codemirror/autocomplete'
import type { SeenValue, SeenValues } from '../../host'
import { en } from '../../text/en'
import { visible } from '../../text/visible'

/** Asks what a field of these kinds or topics held; `null` when that cannot be told. */
export type AskSeen = (on: readonly string[], field: string) => Promise<SeenValues | null>

/** So long an answer is used again, in milliseconds: typing asks often, and the network changes slowly. */
const KEPT = 60_000

/** Asks, and uses an answer again for a minute. */
export function remembered(ask: (on: string[], field: string) => Promise<SeenValues>): AskSeen {
  const known = new Map<string, { at: number; answer: Promise<SeenValues | null> }>()
  return (on, field) => {
    const name = JSON.stringify([field, ...on])
    const old = known.get(name)
    if (old && performance.now() - old.at < KEPT) return old.answer
    // A help to whoever types: without it, the text can still be written. The next key asks again.
    const answer = ask([...on], field).catch(() => (known.delete(name), null))
    known.set(name, { at: performance.now(), answer })
    return answer
  }
}

/** As it is written between quotes in a rule: what is not seen or would move other text about stands as its number. */
export function written(value: string): string {
  const escaped = value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
  return Array.from(escaped)
    .map((character) => {
      if (visible(character) === character) return character
      const code = character.codePointAt(0) ?? 0
      return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
    })
    .join('')
}

/** Texts to choose from: those that were seen, the most frequent first, then the field's own names that were not. */
export function textsSeen(seen: SeenValues | null, names: readonly string[]): Completion[] {
  const texts = (seen?.values ?? []).filter((one) => one.text && one.value !== '')
  const heard = texts.map((one, index): Completion => ({
    label: written(one.value),
    type: 'enum',
    detail: en.complete.times(one.count),
    // CodeMirror takes no more than 99.
    boost: Math.max(1, 99 - index),
    info: en.complete.of(one.count, seen?.events ?? 0),
  }))
  const never = names.filter((name) => !texts.some((one) => one.value === name))
  return [...heard, ...never.map((label): Completion => ({ label, type: 'enum', detail: seen ? en.complete.notSeen : '' }))]
}

/** How many stand on a field's card. */
const ON_CARD = 5

/** The values of a field as a small chart, for its card. Text nodes only. */
export function chartOf(seen: SeenValues | null): HTMLElement | null {
  if (!seen || seen.events === 0) return null
  const box = document.createElement('div')
  box.className = 'card-seen'
  const head = box.appendChild(document.createElement('div'))
  head.className = 'card-seen-head'
  head.textContent = seen.values.length > 0 ? en.complete.head(seen.different) : en.complete.none(seen.events)
  const most = seen.values[0]?.count ?? 1
  for (const one of seen.values.slice(0, ON_CARD)) box.append(lineOf(one, most))
  return box
}

function lineOf(one: SeenValue, most: number): HTMLElement {
  const line = document.createElement('div')
  line.className = 'card-seen-line'
  const name = line.appendChild(document.createElement('bdi'))
  name.textContent = one.text ? `"${written(one.value)}"` : one.value
  const bar = line.appendChild(document.createElement('span'))
  bar.className = 'card-seen-bar'
  bar.appendChild(document.createElement('span')).style.width = `${(one.count / most) * 100}%`
  const count = line.appendChild(document.createElement('span'))
  count.textContent = en.complete.number(one.count)
  return line
}
