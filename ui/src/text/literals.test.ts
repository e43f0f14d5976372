// English stands in ui/src/text and nowhere else: no words in the markup of a component, ready for translation.
import { parse } from 'svelte/compiler'
import { expect, it } from 'vitest'

const files = Object.entries(import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true }))
/** Views whose words still stand in their components. No other may have any. */
const OUTSTANDING = /views\/(first-run|connections|settings|rules)\//
/** Attributes that people read or hear. */
const SAID = new Set(['aria-label', 'aria-description', 'placeholder', 'title', 'label', 'alt', 'act', 'words'])
/** What is the same in every language: keys, units, names of formats and of things in rules. */
const SAME = /^(?:[^\p{L}]*|px|rem|ms|kB|Tocsin|TOML|CSV|JSON|Ctrl|Esc|dBm|fn|×)$/u

/** Names of keys, as events tell them. */
const KEYS = /^(Enter|Escape|Delete|Home|End)$/

interface Node {
  type: string
  [key: string]: unknown
}

function* walk(node: unknown, parent: Node | null = null): Generator<[Node, Node | null]> {
  if (Array.isArray(node)) {
    for (const one of node) yield* walk(one, parent)
  } else if (node !== null && typeof node === 'object' && 'type' in node) {
    const here = node as Node
    // What styles say is not for people.
    if (here.type === 'StyleDirective') return
    yield [here, parent]
    for (const [name, value] of Object.entries(here)) if (name !== 'metadata' && name !== 'parent') yield* walk(value, here)
  }
}

/** Words in a component's markup: texts, what attributes say, and sentences in its expressions. */
function wordsIn(source: string): string[] {
  const found: string[] = []
  const { fragment } = parse(source, { modern: true }) as unknown as { fragment: unknown }
  for (const [node, parent] of walk(fragment)) {
    const text = node.type === 'Text' ? String(node.data).trim() : node.type === 'Literal' && typeof node.value === 'string' ? node.value.trim() : node.type === 'TemplateElement' ? String((node.value as { raw: string }).raw).trim() : ''
    if (SAME.test(text)) continue
    if (node.type === 'Text' && parent?.type !== 'Attribute') found.push(text)
    else if (node.type === 'Text' && SAID.has(String(parent?.name))) found.push(text)
    else if (node.type !== 'Text' && !KEYS.test(text) && /^[A-Z][a-z]+$|\p{L}{2,}.* .*\p{L}{2,}/u.test(text)) found.push(text)
  }
  return found
}

it('the words of a component are found', () => {
  expect(wordsIn('<p class="a b">{en.x}</p><b>Try again</b><i aria-label="Close it"></i>{on ? "Save it now" : en.y}')).toEqual(['Try again', 'Close it', 'Save it now'])
})

it('no component has words of its own', () => {
  const offenders = files.filter(([name]) => !OUTSTANDING.test(name)).map(([name, source]) => [name, wordsIn(source)] as const).filter(([, words]) => words.length)
  expect(Object.fromEntries(offenders)).toEqual({})
})
