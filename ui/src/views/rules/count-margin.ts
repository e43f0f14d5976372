// How many events each line of a rule lets through, or how its cases met it, drawn at the right edge of the editor.
import { RangeSet, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, EditorView, gutter, GutterMarker, type DecorationSet } from '@codemirror/view'
import { tip } from '../../lib/tip.svelte'
import type { LineCount } from './line-counts'

/** Draws these numbers of the text as it stands; `null` draws none. */
export const setCounts = StateEffect.define<readonly LineCount[] | null>()

/** The numbers of a line, or the words above them. */
class Cells extends GutterMarker {
  #ends = new WeakMap<Node, () => void>()

  constructor(readonly line: LineCount) {
    super()
  }

  override eq(other: Cells): boolean {
    return JSON.stringify(this.line) === JSON.stringify(other.line)
  }

  override toDOM(): Node {
    const box = document.createElement('span')
    box.className = this.line.head ? 'cm-count cm-count-head' : 'cm-count'
    if (this.line.unknown) {
      const hatch = document.createElement('span')
      hatch.className = 'cm-count-hatch hatched'
      box.append(hatch)
    }
    for (const { text, never } of this.line.cells) {
      const cell = document.createElement('span')
      cell.className = never ? 'cm-count-cell cm-count-never' : 'cm-count-cell'
      cell.textContent = text
      box.append(cell)
    }
    const end = tip(this.line.tip)(box)
    if (end) this.#ends.set(box, end)
    return box
  }

  override destroy(dom: Node): void {
    this.#ends.get(dom)?.()
  }
}

interface Drawn {
  marks: RangeSet<GutterMarker>
  lines: DecorationSet
  /** The text is another since. */
  old: boolean
}

const NONE: Drawn = { marks: RangeSet.empty, lines: Decoration.none, old: false }
const counted = Decoration.line({ class: 'cm-counted' })

function drawn(doc: Text, lines: readonly LineCount[]): Drawn {
  const marks = new RangeSetBuilder<GutterMarker>()
  const all = new RangeSetBuilder<Decoration>()
  for (const line of lines) {
    if (line.line > doc.lines) break
    const { from } = doc.line(line.line)
    marks.add(from, from, new Cells(line))
    all.add(from, from, counted)
  }
  return { marks: marks.finish(), lines: all.finish(), old: false }
}

const field = StateField.define<Drawn>({
  create: () => NONE,
  update(shown, change) {
    const told = change.effects.find((effect) => effect.is(setCounts))
    if (told) return told.value ? drawn(change.state.doc, told.value) : NONE
    if (!change.docChanged || shown === NONE) return shown
    // They go along with their lines, faint, until those of the new text are there.
    return { marks: shown.marks.map(change.changes), lines: shown.lines.map(change.changes), old: true }
  },
  provide: (self) => [
    EditorView.decorations.from(self, (shown) => shown.lines),
    EditorView.editorAttributes.from(self, (shown): Record<string, string> => (shown.old ? { class: 'cm-counts-old' } : {})),
  ],
})

const look = EditorView.theme({
  // It takes no room of its own: only the text of a line with a number, and of that what is long, lies below it.
  '.cm-gutters.cm-gutters-after': { border: 'none', backgroundColor: 'transparent', width: '0' },
  '.cm-count-gutter, .cm-count-gutter .cm-gutterElement': { overflow: 'visible', width: '0' },
  '.cm-count': {
    // No further from the text than the eye goes.
    position: 'absolute', right: 'max(0px, 100cqw - 62rem)', display: 'flex', justifyContent: 'flex-end', alignItems: 'center', gap: '0.375rem',
    height: '1.25rem', padding: '0 1rem 0 0.75rem', backgroundColor: 'var(--pane)', font: '400 var(--t-12)',
    fontVariantNumeric: 'tabular-nums', color: 'var(--ink-2)', whiteSpace: 'nowrap', userSelect: 'none', WebkitUserSelect: 'none',
  },
  // What lies below it can be scrolled to.
  '.cm-line.cm-counted': { paddingRight: '6.5rem' },
  '.cm-activeLineGutter .cm-count': { backgroundColor: 'var(--sunken)' },
  '.cm-count-cell': { minWidth: '2.25rem', textAlign: 'right' },
  '.cm-count-head': { font: '500 var(--t-11)', color: 'var(--ink-3)' },
  '.cm-count-never': { color: 'var(--warning)', fontWeight: '600' },
  '.cm-count-hatch': { width: '0.75rem', height: '0.5rem', borderRadius: 'var(--r-bar)', flex: 'none' },
  '&.cm-counts-old .cm-count-cell, &.cm-counts-old .cm-count-hatch': { opacity: '0.5' },
})

/** The margin on the right. */
export const countMargin = [
  field,
  gutter({ class: 'cm-count-gutter', side: 'after', markers: (view) => view.state.field(field).marks }),
  look,
]
