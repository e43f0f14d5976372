// Whatever is pressed has a key: each button of each component is looked at, and none is left out unsaid.
import { parse } from 'svelte/compiler'
import { expect, it } from 'vitest'

const files = Object.entries(import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true }))

/** What is part of a field or a row of a list: arrows, Tab and Enter reach it there. How many of them, and why. */
const PARTS: Record<string, [number, string]> = {
  'lib/Button.svelte': [1, 'is given its action by who draws it'],
  'lib/Clauses.svelte': [1, 'a row: its place in the text'],
  'lib/Fields.svelte': [1, 'a row that unfolds others'],
  'lib/Menu.svelte': [1, 'what opens it: its rows have an action each'],
  'lib/MenuRows.svelte': [1, 'rows, which have an action each'],
  'lib/Stepper.svelte': [2, 'of a field: the arrows do the same'],
  'lib/Switch.svelte': [1, 'a field'],
  'lib/Tabs.svelte': [1, 'a choice: arrows move in it'],
  'lib/Toasts.svelte': [2, 'keys are of the latest'],
  'views/alerts/Timeline.svelte': [1, 'a row: its event'],
  'views/connections/AccountList.svelte': [2, 'in a row; numbers in the switcher, and Settings for the one in use'],
  'views/connections/TopicRow.svelte': [2, 'in a row; the first that is refused has the key'],
  'views/history/Chart.svelte': [1, 'a choice of what is drawn'],
  'views/history/ExportMenu.svelte': [1, 'rows with keys of their own, printed on them'],
  'views/live/AnswerLine.svelte': [2, 'a row, and what is in it'],
  'views/live/Answers.svelte': [2, 'in a row'],
  'views/rules/CasesTab.svelte': [3, 'rows, and what is in one'],
  'views/rules/CasesText.svelte': [1, 'a row: its place in the text'],
  'views/rules/EventBench.svelte': [1, 'in a row: its place in the text'],
  'views/rules/ListPane.svelte': [1, 'in a row'],
  'views/rules/PastTab.svelte': [1, 'a row: its event'],
  'views/rules/Reach.svelte': [1, 'in a row'],
  'views/rules/RuleItem.svelte': [1, 'a row'],
  'views/rules/RuleList.svelte': [1, 'a row'],
  'views/rules/RuleWords.svelte': [1, 'a row: its alert'],
  'views/settings/MaintenanceDialog.svelte': [1, 'of a field: its days'],
  'views/settings/MaintenanceWindows.svelte': [2, 'in a row'],
  'views/settings/Settings.svelte': [1, 'a choice of the page; keys go to the next and back'],
  'views/settings/Silences.svelte': [1, 'in a row'],
  'views/silences/SilenceDialog.svelte': [1, 'of a field: usual moments'],
}

interface Node {
  type: string
  name?: string
  attributes?: Node[]
  [key: string]: unknown
}

function* walk(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const one of node) yield* walk(one)
  else if (node !== null && typeof node === 'object') {
    if ('type' in node) yield node as Node
    for (const [name, value] of Object.entries(node)) if (name !== 'metadata' && name !== 'parent') yield* walk(value)
  }
}

/** The buttons of a component that no key presses, as they are written. */
function keyless(source: string): string[] {
  const { fragment } = parse(source, { modern: true }) as unknown as { fragment: unknown }
  const found: string[] = []
  for (const node of walk(fragment)) {
    const { name } = node
    if (node.type === 'RegularElement' ? name !== 'button' : node.type !== 'Component' || name !== 'Button') continue
    const all = node.attributes ?? []
    const keyed = all.some((one) => {
      if (one.type === 'Attribute') return one.name === 'action' || one.name === 'offers'
      // A tooltip with a key, or one that offers it: `tip(words, keyOf(id))`, `does(id)`.
      const call = one.type === 'AttachTag' ? (one.expression as Node & { callee?: Node; arguments?: Node[] }) : null
      return call?.type === 'CallExpression' && (call.callee?.name === 'does' || call.callee?.name === 'offers' || (call.callee?.name === 'tip' && (call.arguments?.length ?? 0) > 1))
    })
    if (!keyed) found.push(source.slice(node.start as number, node.end as number).replace(/\s+/g, ' ').slice(0, 160))
  }
  return found
}

it('a button without a key is found', () => {
  const source = `<Button action="x">a</Button><Button offers="x" /><button {@attach does('x')}>c</button><Button onclick={f}>Do it</Button>{#if a}<button {@attach tip(en.x)} onclick={g}>b</button>{/if}`
  expect(keyless(source).map((one) => one.slice(0, 24))).toEqual(['<Button onclick={f}>Do i', '<button {@attach tip(en.'])
})

it('every button has a key, or is a part of what is reached otherwise', () => {
  const found = Object.fromEntries(files.map(([name, source]) => [name.replace('../', ''), keyless(source)] as const).filter(([name, all]) => all.length !== (PARTS[name]?.[0] ?? 0)))
  expect(found).toEqual({})
})
