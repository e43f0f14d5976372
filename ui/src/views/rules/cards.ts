// Cards that say what a word of a rule means: beside completion, and under the pointer. Built of text nodes, never of markup.
import type { Vocabulary } from '../../host'
import { en } from '../../text/en'
import { chartOf, type AskSeen } from './seen-values'
import type { KnownField } from './words'

/** A heading in code, then text, then an example. */
export function card(head: string, text: string, example = ''): HTMLElement {
  const box = document.createElement('div')
  for (const [name, words] of [['card-head', head], ['card-text', text], ['card-example', example]]) {
    if (!words) continue
    const line = document.createElement('div')
    line.className = name ?? ''
    line.textContent = words
    box.append(line)
  }
  return box
}

/** What a field is, and what it held on this network. */
export async function fieldCard(known: KnownField, on: readonly string[], seen: AskSeen): Promise<HTMLElement> {
  const box = card(`event.${known.name}`, en.rules.card.field(known.ty, known.kinds, known.values))
  box.append(chartOf(await seen(on, known.name)) ?? '')
  return box
}

/** What a function, a constant, a kind or a list is; `null` for any other word. */
export function wordCard(word: string, quoted: boolean, words: Vocabulary): HTMLElement | null {
  if (quoted) {
    const list = words.lists.find((one) => one.name === word)
    if (list) return card(`"${list.name}"`, en.rules.card.list(list.entries))
    const kind = words.kinds.find((one) => one.name === word)
    return kind ? card(`"${kind.name}"`, en.rules.card.kind(kind.fields.map((field) => field.name))) : null
  }
  const fn = words.functions.find((one) => one.name === word)
  if (fn) return card(fn.signature, fn.doc, fn.example)
  const constant = words.constants.find((one) => one.name === word)
  return constant ? card(constant.name, constant.doc, constant.example) : null
}
