import type { Text } from '@codemirror/state'
import type { Span } from '../../host'

/*
 * Rust counts characters (Unicode scalar values), from 1; CodeMirror counts UTF-16 units, from 0. They differ at
 * every character beyond the basic plane, such as an emoji in a comment.
 */

/** UTF-16 units taken by the first `characters` characters of `line`; never beyond its end. */
export function unitsOf(line: string, characters: number): number {
  let units = 0
  for (let left = characters; left > 0 && units < line.length; left -= 1) {
    units += (line.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  }
  return units
}

/** Characters in the first `units` UTF-16 units of `line`. */
export function charactersOf(line: string, units: number): number {
  return Array.from(line.slice(0, units)).length
}

/** The offset of a line and column (both from 1) in `doc`, clamped to it. */
export function offsetOf(doc: Text, line: number, column: number): number {
  if (line < 1) return 0
  if (line > doc.lines) return doc.length
  const at = doc.line(line)
  return at.from + unitsOf(at.text, column - 1)
}

/** The line and column (both from 1) of an offset, as people and Rust count. */
export function placeOf(doc: Text, offset: number): { line: number; column: number } {
  const at = doc.lineAt(Math.max(0, Math.min(offset, doc.length)))
  return { line: at.number, column: charactersOf(at.text, offset - at.from) + 1 }
}

/**
 * The range of a span in `doc`, at least one character wide where the line has one, so that it can be seen: a
 * finding about a missing bracket points at the end of the text.
 */
export function rangeOf(doc: Text, span: Span): { from: number; to: number } {
  let from = offsetOf(doc, span.line, span.column)
  let to = Math.max(from, offsetOf(doc, span.end_line, span.end_column))
  if (from === to) {
    const line = doc.lineAt(from)
    if (to < line.to) to = line.from + unitsOf(line.text, charactersOf(line.text, to - line.from) + 1)
    else if (from > line.from) from = line.from + unitsOf(line.text, charactersOf(line.text, from - line.from) - 1)
  }
  return { from, to }
}
