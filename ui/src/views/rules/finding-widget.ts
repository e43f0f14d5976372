import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from '@codemirror/view'
import type { Diagnostic } from '../../host'
import { en } from '../../text/en'
import { offsetOf } from './span'

/** A finding, and what is sure to mend it: the text to put in its place. */
export interface Opened {
  finding: Diagnostic
  fix: string | null
}

/** Opens this finding below its line, closing any other; `null` closes. */
export const openFinding = StateEffect.define<Opened | null>()

/** A finding as a block under its line: what is wrong, and what to write. Text nodes only. */
class FindingBlock extends WidgetType {
  constructor(
    readonly finding: Diagnostic,
    readonly fix: string | null,
  ) {
    super()
  }

  override eq(other: FindingBlock): boolean {
    const a = this.finding
    const b = other.finding
    return this.fix === other.fix && a.severity === b.severity && a.message === b.message && a.help === b.help
  }

  override toDOM(view: EditorView): HTMLElement {
    const { severity, message, help } = this.finding
    // The editor measures a block without its margins, so the room around it is padding of an outer one.
    const room = document.createElement('div')
    room.className = 'cm-finding-room'
    const block = document.createElement('div')
    block.className = `cm-finding cm-finding-${severity}`
    block.setAttribute('role', 'note')
    room.append(block)
    const what = document.createElement('strong')
    what.textContent = severity === 'error' ? en.findings.error : en.findings.warning
    const line = document.createElement('div')
    line.append(what, message)
    const words = document.createElement('div')
    words.append(line)
    block.append(words)
    if (help) {
      const then = document.createElement('div')
      then.className = 'cm-finding-help'
      then.textContent = help
      words.append(then)
    }
    if (this.fix !== null) block.append(fixButton(view))
    return room
  }

  override ignoreEvent(): boolean {
    return true
  }
}

function fixButton(view: EditorView): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'cm-finding-fix'
  button.append(en.findings.fix)
  for (const key of FIX_KEY.split('-')) {
    const cap = button.appendChild(document.createElement('kbd'))
    cap.textContent = key
  }
  button.addEventListener('click', () => applyFix(view))
  return button
}

/** The key that mends what is open. */
const FIX_KEY = 'Alt-Enter'

/** Puts what mends the open finding in its place; false when nothing is open, or nothing is sure to mend it. */
function applyFix(view: EditorView): boolean {
  const { opened } = view.state.field(field)
  if (!opened || opened.fix === null) return false
  const { finding, fix } = opened
  const from = offsetOf(view.state.doc, finding.span.line, finding.span.column)
  const to = Math.max(from, offsetOf(view.state.doc, finding.span.end_line, finding.span.end_column))
  view.dispatch({
    changes: { from, to, insert: fix },
    selection: { anchor: from + fix.length },
    userEvent: 'input.fix',
    scrollIntoView: true,
  })
  view.focus()
  return true
}

interface Shown {
  opened: Opened | null
  blocks: DecorationSet
}
const NOTHING: Shown = { opened: null, blocks: Decoration.none }

function blocks(doc: EditorView['state']['doc'], { finding, fix }: Opened): DecorationSet {
  const end = doc.lineAt(offsetOf(doc, finding.span.end_line, finding.span.end_column)).to
  return Decoration.set(Decoration.widget({ widget: new FindingBlock(finding, fix), block: true, side: 1 }).range(end))
}

const field = StateField.define<Shown>({
  create: () => NOTHING,
  update(shown, change) {
    for (const effect of change.effects) {
      if (effect.is(openFinding)) return effect.value ? { opened: effect.value, blocks: blocks(change.state.doc, effect.value) } : NOTHING
    }
    if (!change.docChanged) return shown
    // Its place is another now: the next check says whether it still stands, and what mends it.
    return { opened: null, blocks: shown.blocks.map(change.changes) }
  },
  provide: (self) => EditorView.decorations.from(self, (shown) => shown.blocks),
})

const look = EditorView.theme({
  '.cm-finding-room': { padding: '0.25rem 1rem 0.25rem 0.25rem' },
  '.cm-finding': {
    display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: '0.75rem',
    padding: '0.5rem 0.75rem', borderRadius: 'var(--r-button)',
    font: 'var(--t-12)', fontVariantLigatures: 'none', color: 'var(--ink)', whiteSpace: 'pre-wrap', userSelect: 'text',
  },
  '.cm-finding-fix': {
    display: 'inline-flex', alignItems: 'center', gap: '0.25rem', flex: 'none', height: '1.5rem', padding: '0 0.5rem',
    border: '1px solid var(--line-strong)', borderRadius: 'var(--r-button)', font: '500 var(--t-12)', color: 'var(--ink)',
  },
  '.cm-finding-fix:hover': { backgroundColor: 'var(--raised)' },
  '.cm-finding-fix kbd': {
    padding: '0 0.25rem', border: '1px solid var(--line-strong)', borderRadius: 'var(--r-chip)', font: '500 var(--t-11)', color: 'var(--ink-2)',
  },
  '.cm-finding-error': { backgroundColor: 'var(--critical-tint)' },
  '.cm-finding-error strong': { color: 'var(--critical)' },
  '.cm-finding-warning': { backgroundColor: 'var(--warning-tint)' },
  '.cm-finding-warning strong': { color: 'var(--warning)' },
  '.cm-finding-help': { color: 'var(--ink-2)', marginTop: '0.125rem' },
})

/** Shows one finding at a time below its line. */
export const findingBelow = [field, look, keymap.of([{ key: FIX_KEY, run: applyFix }])]
