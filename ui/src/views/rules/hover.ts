// What the word under the pointer means.
import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import { hoverTooltip } from '@codemirror/view'
import type { Vocabulary } from '../../host'
import { fieldCard, wordCard } from './cards'
import type { AskSeen } from './seen-values'
import { fieldsOf, onOf } from './words'

/** A word of the text, and what it says of itself. */
export interface Meant {
  from: number
  to: number
  card: () => Promise<HTMLElement | null>
}

/** The word at an offset; `null` where there is none, or where nothing is known of it. */
export function meantAt(state: EditorState, offset: number, words: Vocabulary, seen: AskSeen): Meant | null {
  const line = state.doc.lineAt(offset)
  const at = offset - line.from
  if (/comment/i.test(syntaxTree(state).resolveInner(offset, 1).name)) return null
  const quoted = [...line.text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].find((found) => at > found.index && at < found.index + found[0].length)
  const word = quoted ?? [...line.text.matchAll(/[A-Za-z_]\w*/g)].find((found) => at >= found.index && at < found.index + found[0].length)
  if (!word) return null
  const text = quoted?.[1] ?? word[0]
  const from = line.from + word.index + (quoted ? 1 : 0)
  const range = { from, to: from + text.length }
  if (!quoted && /\bevent\.$/.test(line.text.slice(0, word.index))) {
    const all = state.doc.toString()
    const known = fieldsOf(all, words).find((field) => field.name === text)
    return known ? { ...range, card: () => fieldCard(known, onOf(all), seen) } : null
  }
  const made = wordCard(text, quoted !== undefined, words)
  return made ? { ...range, card: async () => made } : null
}

/** Shows it while the pointer rests there. */
export const hoverDocs = (words: () => Vocabulary, seen: AskSeen) =>
  hoverTooltip(async (view, offset) => {
    const meant = meantAt(view.state, offset, words(), seen)
    const dom = await meant?.card()
    if (!meant || !dom) return null
    dom.classList.add('cm-hover-card')
    return { pos: meant.from, end: meant.to, above: true, create: () => ({ dom }) }
  })
