import { RangeSet, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state'
import { gutter, GutterMarker } from '@codemirror/view'
import { linesDiffer } from './diff'

/** The text as it lies on disk, to tell the lines that differ from it. */
export const setSaved = StateEffect.define<string>()

class Edge extends GutterMarker {
  override elementClass = 'cm-changed'
}
const edge = new Edge()

interface Known {
  saved: string[]
  marks: RangeSet<GutterMarker>
}

function marksFor(saved: string[], doc: Text): RangeSet<GutterMarker> {
  const marks = new RangeSetBuilder<GutterMarker>()
  const lines = Array.from(doc.iterLines())
  linesDiffer(saved, lines).forEach((differs, index) => {
    if (differs) {
      const { from } = doc.line(index + 1)
      marks.add(from, from, edge)
    }
  })
  return marks.finish()
}

const known = StateField.define<Known>({
  create: (state) => ({ saved: Array.from(state.doc.iterLines()), marks: RangeSet.empty }),
  update(value, change) {
    const told = change.effects.find((effect) => effect.is(setSaved))
    if (!told && !change.docChanged) return value
    const saved = told ? (told.value as string).split('\n') : value.saved
    return { saved, marks: marksFor(saved, change.state.doc) }
  },
})

/** A thin edge beside each line that your edit changed. */
export const changedLines = [
  known,
  gutter({ class: 'cm-changed-gutter', markers: (view) => view.state.field(known).marks }),
]
