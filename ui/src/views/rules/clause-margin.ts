// What each clause gave for the event that is explained, drawn beside its line and at the line's end.
import { RangeSet, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, EditorView, gutter, GutterMarker, WidgetType, type DecorationSet } from '@codemirror/view'
import type { Explanation, Told } from '../../host'
import { tip } from '../../lib/tip.svelte'
import { toldLines, type ToldLine } from './clause-lines'

/** Draws this explanation of the text as it stands; `null` draws none. */
export const setTold = StateEffect.define<Explanation | null>()

const SIGNS: Record<Exclude<Told, 'cannot-tell'>, string> = {
  true: 'M20 6 9 17l-5-5',
  false: 'M18 6 6 18M6 6l12 12',
  'not-reached': 'M5 12h14',
}

function sign(told: Told): Element {
  if (told === 'cannot-tell') {
    const hatch = document.createElement('span')
    hatch.className = 'cm-told-hatch hatched'
    return hatch
  }
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `cm-told-${told}`)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', SIGNS[told])
  svg.append(path)
  return svg
}

/** The signs of a line, with its clauses in the tooltip. */
class Mark extends GutterMarker {
  #ends = new WeakMap<Node, () => void>()

  constructor(readonly line: ToldLine) {
    super()
  }

  override eq(other: Mark): boolean {
    return JSON.stringify(this.line) === JSON.stringify(other.line)
  }

  override toDOM(): Node {
    const box = document.createElement('span')
    box.className = 'cm-told'
    box.append(...this.line.told.slice(0, 2).map(sign))
    const end = tip(this.line.tip)(box)
    if (end) this.#ends.set(box, end)
    return box
  }

  override destroy(dom: Node): void {
    this.#ends.get(dom)?.()
  }
}

/** The values behind a line: text nodes only, since they come from the air. */
class Value extends WidgetType {
  constructor(
    readonly text: string,
    readonly told: Told,
  ) {
    super()
  }

  override eq(other: Value): boolean {
    return this.text === other.text && this.told === other.told
  }

  override toDOM(): HTMLElement {
    const box = document.createElement('span')
    box.className = `cm-told-value cm-told-value-${this.told}`
    const words = document.createElement('bdi')
    words.textContent = this.text
    box.append(words)
    return box
  }
}

interface Drawn {
  marks: RangeSet<GutterMarker>
  values: DecorationSet
}

const NONE: Drawn = { marks: RangeSet.empty, values: Decoration.none }
const notReached = Decoration.line({ class: 'cm-told-skipped' })

function drawn(doc: Text, told: Explanation): Drawn {
  const marks = new RangeSetBuilder<GutterMarker>()
  const values = new RangeSetBuilder<Decoration>()
  for (const line of toldLines(told)) {
    if (line.line > doc.lines) break
    const { from, to } = doc.line(line.line)
    const [first = 'not-reached'] = line.told
    marks.add(from, from, new Mark(line))
    if (first === 'not-reached') values.add(from, from, notReached)
    if (line.value) values.add(to, to, Decoration.widget({ widget: new Value(line.value, first), side: 1 }))
  }
  return { marks: marks.finish(), values: values.finish() }
}

const field = StateField.define<Drawn>({
  create: () => NONE,
  update(shown, change) {
    const told = change.effects.find((effect) => effect.is(setTold))
    if (told) return told.value ? drawn(change.state.doc, told.value) : NONE
    // Another text is another rule: what was said of the old one is no longer true.
    return change.docChanged ? NONE : shown
  },
  provide: (self) => EditorView.decorations.from(self, (shown) => shown.values),
})

const look = EditorView.theme({
  // Always there, so that the text stands where it stood when nothing is explained.
  '.cm-told-gutter': { width: '1.5rem', padding: '0' },
  '.cm-told': { display: 'inline-flex', alignItems: 'center', gap: '1px', height: '1.25rem' },
  '.cm-told svg': {
    width: '0.875rem', height: '0.875rem', fill: 'none', stroke: 'var(--ink-3)', strokeWidth: '2.25',
    strokeLinecap: 'round', strokeLinejoin: 'round',
  },
  '.cm-told svg.cm-told-true': { stroke: 'var(--listening)' },
  '.cm-told svg.cm-told-false': { stroke: 'var(--ink)' },
  '.cm-told-hatch': { width: '0.8125rem', height: '0.6875rem', borderRadius: 'var(--r-bar)' },
  // A value takes no room of its own: it must not make the text wider than its pane.
  '.cm-line:has(.cm-told-value)': { overflowX: 'clip' },
  '.cm-told-value': {
    display: 'inline-block', width: '0', marginLeft: '1.5rem', whiteSpace: 'nowrap', font: 'var(--t-bytes)', lineHeight: '1rem', color: 'var(--ink-3)', userSelect: 'none', WebkitUserSelect: 'none',
  },
  '.cm-told-value-cannot-tell': { color: 'var(--deaf)' },
  '.cm-told-skipped span': { color: 'var(--ink-3)' },
})

/** The margin. */
export const clauseMargin = [
  field,
  gutter({ class: 'cm-told-gutter', markers: (view) => view.state.field(field).marks }),
  look,
]
