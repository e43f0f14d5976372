import type { FieldWords, KindWords, Vocabulary } from '../../host'

/** Nothing known yet: what completion has until Rust has answered. */
export const NO_WORDS: Vocabulary = { kinds: [], functions: [], constants: [], lists: [] }

/** What `const ON` names: kinds and topics, in the order written. Reads the text, so that it follows the typing. */
export function onOf(text: string): string[] {
  const said = /^[ \t]*const[ \t]+ON[ \t]*=[ \t]*(\[[^\]]*\]?|"[^"\n]*"?)/m.exec(text)
  return said?.[1] ? [...said[1].matchAll(/"([^"\n]*)"/g)].map((name) => name[1] ?? '') : []
}

/** The kinds that `names` (kinds or topics) stand for. */
export function kindsOf(names: string[], words: Vocabulary): KindWords[] {
  return words.kinds.filter((kind) =>
    names.some((name) => kind.name === name || kind.name.startsWith(`${name}.`)),
  )
}

/** A field and the kinds that have it. */
export interface KnownField extends FieldWords {
  kinds: string[]
}

/** The fields of the kinds a rule listens to; all known fields while `ON` says nothing useful. */
export function fieldsOf(text: string, words: Vocabulary): KnownField[] {
  const named = kindsOf(onOf(text), words)
  const fields = new Map<string, KnownField>()
  for (const kind of named.length > 0 ? named : words.kinds) {
    for (const field of kind.fields) {
      const known = fields.get(field.name)
      if (known) known.kinds.push(kind.name)
      else fields.set(field.name, { ...field, kinds: [kind.name] })
    }
  }
  return [...fields.values()]
}

/** Constants that the file itself defines. */
export function ownConstants(text: string): string[] {
  return [...text.matchAll(/^[ \t]*const[ \t]+([A-Za-z_]\w*)/gm)].map((found) => found[1] ?? '')
}
