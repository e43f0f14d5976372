import { setDiagnostics, type Diagnostic as Mark } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { Diagnostic } from '../../host'
import { rangeOf } from './span'

/** CodeMirror's marks for Rust's findings about this very text. */
export function marksOf(doc: Text, findings: readonly Diagnostic[]): Mark[] {
  return findings
    .map((finding): Mark => ({
      ...rangeOf(doc, finding.span),
      severity: finding.severity,
      source: finding.code,
      message: finding.help ? `${finding.message} ${finding.help}` : finding.message,
    }))
    .sort((a, b) => a.from - b.from)
}

/** Underlines the findings in the editor. */
export function showFindings(view: EditorView, findings: readonly Diagnostic[]): void {
  view.dispatch(setDiagnostics(view.state, marksOf(view.state.doc, findings)))
}

/**
 * The finding to open for a caret at `offset`: one it stands in, else one on its line, else the nearest line
 * among equals errors come first. `null` without findings.
 */
export function nearest(doc: Text, findings: readonly Diagnostic[], offset: number): Diagnostic | null {
  const at = doc.lineAt(Math.min(offset, doc.length)).number
  let best: Diagnostic | null = null
  let least = Infinity
  for (const finding of findings) {
    const { from, to } = rangeOf(doc, finding.span)
    const lines = at < finding.span.line ? finding.span.line - at : Math.max(0, at - finding.span.end_line)
    const inside = offset >= from && offset <= to
    const distance = (inside ? 0 : 1 + lines) * 2 + (finding.severity === 'error' ? 0 : 1)
    if (distance < least) {
      best = finding
      least = distance
    }
  }
  return best
}
