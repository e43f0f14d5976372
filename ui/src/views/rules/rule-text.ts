import type { Severity } from '../../host'
import { en } from '../../text/en'

/** What a rule says of itself in its doc lines: the first is its title, the rest what it means and what to do. */
export function docOf(text: string): { title: string; doc: string } {
  const lines: string[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (line.startsWith('//!')) lines.push(line.slice(3).trim())
    else if (line.trim() !== '' || lines.length > 0) break
  }
  const [title = '', ...rest] = lines
  return { title, doc: paragraphs(rest) }
}

/** Joins wrapped lines; an empty line parts paragraphs. */
function paragraphs(lines: string[]): string {
  return lines.join('\n').split(/\n{2,}/).map((part) => part.trim().replace(/\n(?![-*\d])/g, ' ')).filter(Boolean).join('\n\n')
}

/** A text constant of the rule, such as `REMIND`; `null` when it is not there or not plain text. */
export function textConstant(text: string, name: string): string | null {
  return new RegExp(`^[ \\t]*const[ \\t]+${name}[ \\t]*=[ \\t]*"([^"\\n]*)"`, 'm').exec(text)?.[1] ?? null
}

/** The severity a rule claims; warning unless it says otherwise. */
export function severityOf(text: string): Severity {
  const said = textConstant(text, 'SEVERITY')
  return said === 'critical' || said === 'info' ? said : 'warning'
}

/** Why `name` cannot name a rule; empty when it can. Names are a folder and a file: `security/rogue-on-the-wire`. */
export function nameProblem(name: string, taken: readonly string[]): string {
  if (name === '') return en.rules.nameWrong.none
  if (!name.includes('/')) return en.rules.nameWrong.noFolder
  if (!/^[a-z0-9][a-z0-9_-]*(?:\/[a-z0-9][a-z0-9_-]*)+$/.test(name)) {
    return en.rules.nameWrong.signs
  }
  if (name.length > 100) return en.rules.nameWrong.long(100)
  return taken.includes(name) ? en.rules.nameWrong.taken : ''
}

/** `name` with a number at its end that nobody has. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 2; ; number += 1) {
    const tried = `${name}-${number}`
    if (!taken.includes(tried)) return tried
  }
}

/** The folder of a rule's name; empty when it lies at the top. */
export function folderOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : ''
}

/** The topics, in the order they are listed everywhere. */
export const TOPICS: readonly string[] = ['security', 'audit', 'presence', 'location', 'monitoring', 'apprf']

/** Sorts rules' names as they are listed: folders named as topics first, in the topics' order, then the others. */
export function inListOrder(a: string, b: string): number {
  const place = (name: string) => {
    const at = TOPICS.indexOf(folderOf(name))
    return at < 0 ? TOPICS.length : at
  }
  return place(a) - place(b) || a.localeCompare(b)
}

/** The file's own part of a rule's name. */
export function fileOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
