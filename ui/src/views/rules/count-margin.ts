// What stands at the ends of lines, drawn at the right edge of the editor: how many events each lets through, how the
// cases met it, or what it gave for the event that is explained.
import { RangeSet, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, EditorView, gutter, type DecorationSet, type GutterMarker } from '@codemirror/view'
import type { LineCount } from './line-counts'
import { ToldMarker } from './told-marker'

/** Draws these numbers of the text as it stands; `null` draws none. */
export const setCounts = StateEffect.define<readonly LineCount[] | null>()

/** What stands at the end of a line, or the words above that. */
class Cells extends ToldMarker<LineCount> {
  protected override draw(): HTMLElement {
    const box = document.createElement('span')
    box.className = this.line.head ? 'cm-count cm-count-head' : 'cm-count'
    if (this.line.unknown) {
      const hatch = document.createElement('span')
      hatch.className = 'cm-count-hatch hatched'
      box.append(hatch)
    }
    // Text nodes only: a value comes from the air, and may run the other way.
    for (const { text, never, told } of this.line.cells) {
      const cell = document.createElement(told ? 'bdi' : 'span')
      cell.className = ['cm-count-cell', never ? 'cm-count-never' : '', told ? `cm-count-value cm-count-${told}` : ''].filter(Boolean).join(' ')
      cell.textContent = text
      box.append(cell)
    }
    return box
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
    height: '1.25rem', padding: '0 1rem 0 1.5rem', '--ground': 'var(--pane)',
    // What is long goes under it without an edge.
    backgroundImage: 'linear-gradient(to right, transparent, var(--ground) 1.5rem)', font: '400 var(--t-12)',
    fontVariantNumeric: 'tabular-nums', color: 'var(--ink-2)', whiteSpace: 'nowrap', userSelect: 'none', WebkitUserSelect: 'none',
  },
  // What lies below it can be scrolled to.
  '.cm-line.cm-counted': { paddingRight: '6.5rem' },
  '.cm-activeLineGutter .cm-count': { '--ground': 'var(--sunken)' },
  '.cm-count-cell': { minWidth: '2.25rem', textAlign: 'right' },
  '.cm-count-head': { font: '500 var(--t-11)', color: 'var(--ink-3)' },
  '.cm-count-never': { color: 'var(--warning)', fontWeight: '600' },
  '.cm-count-value': { font: 'var(--t-bytes)', maxWidth: '8rem', overflow: 'hidden', textOverflow: 'ellipsis', color: 'var(--ink-2)' },
  '.cm-count-not-reached': { font: '400 var(--t-12)', color: 'var(--ink-3)' },
  '.cm-count-cannot-tell': { color: 'var(--deaf)' },
  '.cm-count-hatch': { width: '0.75rem', height: '0.5rem', borderRadius: 'var(--r-bar)', flex: 'none' },
  '&.cm-counts-old .cm-count-cell, &.cm-counts-old .cm-count-hatch': { opacity: '0.5' },
})

/** The margin on the right. */
export const countMargin = [
  field,
  gutter({ class: 'cm-count-gutter', side: 'after', markers: (view) => view.state.field(field).marks }),
  look,
]
