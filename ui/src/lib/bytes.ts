// A frame's octets, and which field of the record holds which of them.
import type { FieldRow } from '../host'

/** Base64 to octets; none when it is not base64. */
export function octetsOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}

/** The name of the field that holds this octet; the innermost where one lies in another. */
export function fieldAt(fields: readonly FieldRow[], octet: number): string | null {
  let best: FieldRow | null = null
  for (const field of fields) {
    if (!field.bytes || octet < field.bytes[0] || octet >= field.bytes[1]) continue
    if (!best?.bytes || field.bytes[1] - field.bytes[0] < best.bytes[1] - best.bytes[0]) best = field
  }
  return best?.name ?? null
}

/** Where the record lies: from its first field to the end of its last. */
export function recordOf(fields: readonly FieldRow[]): [number, number] | null {
  const there = fields.flatMap((field) => (field.bytes ? [field.bytes] : []))
  if (!there.length) return null
  return [Math.min(...there.map((range) => range[0])), Math.max(...there.map((range) => range[1]))]
}

export const hex = (octet: number): string => octet.toString(16).padStart(2, '0')
/** `0x006b` */
export const offset = (at: number): string => at.toString(16).padStart(4, '0')
/** What is drawn for an octet beside the hex: itself when it is ASCII one can see, else a dot. */
export const glyph = (octet: number): string => (octet > 0x20 && octet < 0x7f ? String.fromCharCode(octet) : octet === 0x20 ? ' ' : '·')
