import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import type { Diagnostic } from '../../host'
import { offsetOf } from './span'

/** Opens this finding below its line, closing any other; `null` closes. */
export const openFinding = StateEffect.define<Diagnostic | null>()

/** A finding as a block under its line: what is wrong, and what to write. Text nodes only. */
class FindingBlock extends WidgetType {
  constructor(readonly finding: Diagnostic) {
    super()
  }

  override eq(other: FindingBlock): boolean {
    const a = this.finding
    const b = other.finding
    return a.severity === b.severity && a.message === b.message && a.help === b.help
  }

  override toDOM(): HTMLElement {
    const { severity, message, help } = this.finding
    // The editor measures a block without its margins, so the room around it is padding of an outer one.
    const room = document.createElement('div')
    room.className = 'cm-finding-room'
    const block = document.createElement('div')
    block.className = `cm-finding cm-finding-${severity}`
    block.setAttribute('role', 'note')
    room.append(block)
    const what = document.createElement('strong')
    what.textContent = severity === 'error' ? 'Error. ' : 'Warning. '
    const line = document.createElement('div')
    line.append(what, message)
    block.append(line)
    if (help) {
      const then = document.createElement('div')
      then.className = 'cm-finding-help'
      then.textContent = help
      block.append(then)
    }
    return room
  }

  override ignoreEvent(): boolean {
    return true
  }
}

function blocks(doc: EditorView['state']['doc'], finding: Diagnostic): DecorationSet {
  const end = doc.lineAt(offsetOf(doc, finding.span.end_line, finding.span.end_column)).to
  return Decoration.set(Decoration.widget({ widget: new FindingBlock(finding), block: true, side: 1 }).range(end))
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, change) {
    for (const effect of change.effects) {
      if (effect.is(openFinding)) return effect.value ? blocks(change.state.doc, effect.value) : Decoration.none
    }
    return shown.map(change.changes)
  },
  provide: (self) => EditorView.decorations.from(self),
})

const look = EditorView.theme({
  '.cm-finding-room': { padding: '0.25rem 1rem 0.25rem 0.25rem' },
  '.cm-finding': {
    padding: '0.5rem 0.75rem', borderRadius: 'var(--r-button)',
    font: 'var(--t-12)', fontVariantLigatures: 'none', color: 'var(--ink)', whiteSpace: 'pre-wrap', userSelect: 'text',
  },
  '.cm-finding-error': { backgroundColor: 'var(--critical-tint)' },
  '.cm-finding-error strong': { color: 'var(--critical)' },
  '.cm-finding-warning': { backgroundColor: 'var(--warning-tint)' },
  '.cm-finding-warning strong': { color: 'var(--warning)' },
  '.cm-finding-help': { color: 'var(--ink-2)', marginTop: '0.125rem' },
})

/** Shows one finding at a time below its line. */
export const findingBelow = [field, look]
