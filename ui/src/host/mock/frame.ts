// Frames for the played afternoon: a record as protobuf would write it, with where each field lies.
import type { FieldRow } from '..'

const text = new TextEncoder()

/** Field by field: name, type, value. Absent: null. */
export type Made = [name: string, ty: string, value: string | number | null, note?: string]

const varint = (n: number): number[] => {
  const out: number[] = []
  let rest = n
  while (rest > 127) {
    out.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
  return out
}

/** An envelope around one record. */
export function frameOf(topic: string, made: readonly Made[]): { frame: string; size: number; fields: FieldRow[] } {
  const record: number[] = []
  const fields: FieldRow[] = made.map(([name, ty, value, note = ''], i) => {
    if (value === null) return { name, ty, value: '()', absent: true, note, bytes: null }
    const start = record.length
    if (typeof value === 'number') record.push(((i + 1) << 3) & 127, ...varint(value))
    else {
      const octets = [...text.encode(value)]
      record.push((((i + 1) << 3) | 2) & 127, ...varint(octets.length), ...octets)
    }
    const shown = typeof value === 'number' ? String(value) : JSON.stringify(value)
    return { name, ty, value: shown, absent: false, note, bytes: [start, record.length] }
  })
  const subject = [...text.encode(topic)]
  const customer = [...text.encode('cd613e30d8f16adf91b7584a2265b1f5')]
  const head = [0x12, subject.length, ...subject, 0x2a, customer.length, ...customer, 0x22, ...varint(record.length)]
  const all = [...head, ...record, 0x20, 0xca, 0xa7, 0x8b, 0x83, 0xe6, 0x8a, 0xc7, 0xbc, 0x18]
  return {
    frame: btoa(String.fromCharCode(...all)),
    size: all.length,
    fields: fields.map((field) =>
      field.bytes ? { ...field, bytes: [field.bytes[0] + head.length, field.bytes[1] + head.length] } : field,
    ),
  }
}
