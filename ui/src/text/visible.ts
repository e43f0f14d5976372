// Names from the air and from users may hold any character. Here those that are not seen, or that would move others
// about, are told apart, so that the window can draw them as what they are.

/** A stretch of text: either to be drawn as it is, or (`control`) one unseen character under its name. */
export interface Stretch {
  text: string
  control: boolean
}

const named: Record<string, string> = { '\0': '\\0', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\u001b': '\\e' }

// Controls, line separators, direction marks and overrides, zero-width and other unseen formats, tags, private use,
// lone surrogates.
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Co}|\p{Cs}/gu

function nameOf(character: string): string {
  return named[character] ?? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Whether there is anything to name. */
export const hasUnseen = (text: string): boolean => text.search(unseen) >= 0

/** Splits text into what can be drawn and what must be named. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = []
  let from = 0
  for (const match of text.matchAll(unseen)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), control: false })
    found.push({ text: nameOf(match[0]), control: true })
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ text: text.slice(from), control: false })
  return found
}

/** The same in one string, for tooltips and attributes. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const name = nameOf(character)
    return name.startsWith('\\') ? name : `<${name}>`
  })
}
