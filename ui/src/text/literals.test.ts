// English stands in ui/src/text and nowhere else: no words in a component and no sentences in code, ready for translation.
import { parse } from 'svelte/compiler'
import { expect, it } from 'vitest'

const files = Object.entries(import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true }))
/** Attributes that people read or hear. */
const SAID = new Set(['aria-label', 'aria-description', 'placeholder', 'title', 'label', 'alt', 'act', 'words'])
/** What is the same in every language: keys, units, names of formats and of things in rules. */
const SAME = /^(?:[^\p{L}]*|px|rem|ms|kB|Tocsin|TOML|CSV|JSON|Ctrl|Esc|dBm|fn|×|\.toml|lists \/)$/u

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

/** Sentences in code. */
function sentencesIn(code: unknown): string[] {
  const found: string[] = []
  for (const [node] of walk(code)) {
    const text = node.type === 'Literal' && typeof node.value === 'string' ? node.value : node.type === 'TemplateElement' ? (node.value as { raw: string }).raw : ''
    if (/^\p{Lu}\p{Ll}+[,.]? (?:.*\p{L}{2,}|$)/u.test(text)) found.push(text)
  }
  return found
}

it('sentences in code are found', () => {
  const source = "<script lang=\"ts\">import a from './A b'; const x: string = on ? 'Try it now.' : `Turn ${topic} off`; const y = 'Enter'</script>"
  expect(sentencesIn(parse(source, { modern: true }).instance)).toEqual(['Try it now.', 'Turn '])
})

it('no code has sentences of its own', () => {
  const code = Object.entries(import.meta.glob<string>(['../**/*.ts', '!../**/*.test.ts', '!../text/**', '!../host/**'], { query: '?raw', import: 'default', eager: true }))
  const all = [...files.map(([name, source]) => [name, source] as const), ...code.map(([name, source]) => [name, `<script lang="ts">${source}</script>`] as const)]
  const offenders = all.map(([name, source]) => [name, sentencesIn(parse(source, { modern: true }).instance)] as const).filter(([, words]) => words.length)
  expect(all.length).toBeGreaterThan(150)
  expect(Object.fromEntries(offenders)).toEqual({})
})

it('no component has words of its own', () => {
  const offenders = files.map(([name, source]) => [name, wordsIn(source)] as const).filter(([, words]) => words.length)
  expect(Object.fromEntries(offenders)).toEqual({})
})
