import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import type { Vocabulary } from '../../host'
import { card, fieldCard } from './cards'
import { placeAt, type Place } from './completion-place'
import { textsSeen, type AskSeen } from './seen-values'
import { fieldsOf, onOf, ownConstants, type KnownField } from './words'

const SEVERITIES = ['info', 'warning', 'critical']
const DURATIONS = ['5m', '15m', '30m', '1h', '6h', '1d']
const OURS: Record<string, string> = {
  when: 'fn when(event) {\n    ${condition}\n}',
  key: 'fn key(event) { event.${field} }',
  title: 'fn title(event) { `${title}` }',
  body: 'fn body(event) { `${body}` }',
  resolved: 'fn resolved(event) {\n    ${condition}\n}',
}

function field(known: KnownField, on: readonly string[], seen: AskSeen): Completion {
  return { label: known.name, type: 'property', detail: known.ty, info: () => fieldCard(known, on, seen) }
}

/** Where the text in quotes at the caret begins, if it stands in one. */
function inText(context: CompletionContext): number | null {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const quotes = [...before.matchAll(/(?<!\\)"/g)]
  const open = quotes.length % 2 === 1 ? quotes.at(-1)?.index : undefined
  return open === undefined ? null : line.from + open + 1
}

/** So much of the text before a quote is looked at, to tell what it is about. */
const BEFORE = 1_000

/** What may stand between the quotes. */
async function texts(place: Place, all: string, words: Vocabulary, seen: AskSeen): Promise<Completion[]> {
  const plain = (labels: readonly string[]) => labels.map((label, index): Completion => ({ label, type: 'enum', boost: -index }))
  switch (place.in) {
    case 'list':
      return words.lists.map((list) => ({
        label: list.name, type: 'enum', detail: list.entries === 1 ? '1 entry' : `${list.entries} entries`,
      }))
    case 'kinds': {
      const topics = [...new Set(words.kinds.map((kind) => kind.name.split('.')[0] ?? ''))]
      return [
        ...words.kinds.map((kind) => ({ label: kind.name, type: 'enum', detail: `${kind.fields.length} fields` })),
        ...topics.map((topic) => ({ label: topic, type: 'enum', detail: 'every kind of it' })),
      ]
    }
    case 'severity':
      return plain(SEVERITIES)
    case 'duration':
      return plain(DURATIONS)
    case 'zone':
      return plain(Intl.supportedValuesOf('timeZone'))
    case 'field': {
      const known = fieldsOf(all, words).find((candidate) => candidate.name === place.field)
      return textsSeen(await seen(onOf(all), place.field), known?.values ?? [])
    }
  }
}

/** Names that may begin here: our functions and constants, the file's own, and what a rule is made of. */
function names(all: string, words: Vocabulary): Completion[] {
  const own = new Set(ownConstants(all))
  const ours = words.functions.map((fn) =>
    snippetCompletion(fn.signature.replace(/[(,]\s*([a-z_]+)/g, (part, name) => part.replace(name, `\${${name}}`)), {
      label: fn.name, type: 'function', detail: fn.signature.slice(fn.name.length),
      info: () => card(fn.signature, fn.doc, fn.example),
    }),
  )
  const constants = words.constants.map((constant): Completion => ({
    label: constant.name, type: 'constant', info: () => card(constant.name, constant.doc, constant.example),
    ...(own.has(constant.name) ? {} : { apply: constant.example, detail: 'not set here' }),
  }))
  const parts = Object.entries(OURS)
    .filter(([name]) => !new RegExp(`\\bfn\\s+${name}\\b`).test(all))
    .map(([name, body]) => snippetCompletion(body, { label: `fn ${name}`, type: 'keyword', detail: 'part of a rule' }))
  const rest = [...own].filter((name) => !words.constants.some((constant) => constant.name === name))
    .map((label): Completion => ({ label, type: 'constant', detail: 'of this rule' }))
  return [...ours, ...constants, ...rest, ...parts, { label: 'event', type: 'variable' }, { label: 'true', type: 'keyword' }, { label: 'false', type: 'keyword' }]
}

/** Completion over the words that `vocabulary` gives at the time of asking, and the values that were seen. */
export function completeRule(vocabulary: () => Vocabulary, seen: AskSeen = async () => null) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const words = vocabulary()
    const all = context.state.doc.toString()
    const node = syntaxTree(context.state).resolveInner(context.pos, -1).name
    if (/comment/i.test(node)) return null
    const dotted = context.matchBefore(/\bevent\.\w*/)
    if (dotted) {
      return { from: dotted.from + 'event.'.length, options: fieldsOf(all, words).map((known) => field(known, onOf(all), seen)), validFor: /^\w*$/ }
    }
    const from = inText(context)
    if (from !== null) {
      const signatures = new Map(words.functions.map((fn) => [fn.name, fn.signature]))
      const place = placeAt(all.slice(Math.max(0, from - 1 - BEFORE), from - 1), all.slice(context.pos, context.pos + 200), signatures)
      const options = place ? await texts(place, all, words, seen) : []
      return options.length > 0 ? { from, options, validFor: /^[^"\n]*$/ } : null
    }
    const word = context.matchBefore(/[A-Za-z_]\w*/)
    if ((!word && !context.explicit) || context.matchBefore(/\.\w*/)) return null
    return { from: word?.from ?? context.pos, options: names(all, words), validFor: /^\w*$/ }
  }
}
