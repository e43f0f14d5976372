// What each clause gave for the event that is explained, drawn beside its line; its value stands at the line's end
// (count-margin).
import { RangeSet, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, EditorView, gutter, type DecorationSet, type GutterMarker } from '@codemirror/view'
import type { Explanation, Told } from '../../host'
import { toldLines, type ToldLine } from './clause-lines'
import { ToldMarker } from './told-marker'

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
class Mark extends ToldMarker<ToldLine> {
  protected override draw(): HTMLElement {
    const box = document.createElement('span')
    box.className = 'cm-told'
    box.append(...this.line.told.slice(0, 2).map(sign))
    return box
  }
}

interface Drawn {
  marks: RangeSet<GutterMarker>
  skipped: DecorationSet
}

const NONE: Drawn = { marks: RangeSet.empty, skipped: Decoration.none }
const notReached = Decoration.line({ class: 'cm-told-skipped' })

function drawn(doc: Text, told: Explanation): Drawn {
  const marks = new RangeSetBuilder<GutterMarker>()
  const skipped = new RangeSetBuilder<Decoration>()
  for (const line of toldLines(told)) {
    if (line.line > doc.lines) break
    const { from } = doc.line(line.line)
    const [first = 'not-reached'] = line.told
    marks.add(from, from, new Mark(line))
    if (first === 'not-reached') skipped.add(from, from, notReached)
  }
  return { marks: marks.finish(), skipped: skipped.finish() }
}

const field = StateField.define<Drawn>({
  create: () => NONE,
  update(shown, change) {
    const told = change.effects.find((effect) => effect.is(setTold))
    if (told) return told.value ? drawn(change.state.doc, told.value) : NONE
    // Another text is another rule: what was said of the old one is no longer true.
    return change.docChanged ? NONE : shown
  },
  provide: (self) => EditorView.decorations.from(self, (shown) => shown.skipped),
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
  '.cm-told-skipped span': { color: 'var(--ink-3)' },
})

/** The margin. */
export const clauseMargin = [
  field,
  gutter({ class: 'cm-told-gutter', markers: (view) => view.state.field(field).marks }),
  look,
]
