// What may stand between the quotes at the caret, told from the text around them.

/** A place between quotes. */
export type Place =
  /** Compared with a field, or looked for in it. */
  | { in: 'field'; field: string }
  | { in: 'list' }
  | { in: 'kinds' }
  | { in: 'severity' }
  | { in: 'duration' }
  | { in: 'zone' }

/** Methods that leave a text much as it was. */
const SAME = String.raw`(?:\.(?:to_lower|to_upper|trim)\(\))*`
const COMPARED = new RegExp(String.raw`event\.(\w+)${SAME}\s*(?:[!=]=\s*|\.\w+\(\s*)$`)
const AMONG = new RegExp(String.raw`event\.(\w+)${SAME}\s+in\s+\[[^\]]*$`)
/** Parameters of functions that are durations. */
const LASTS = new Set(['window', 'memory', 'recent', 'before'])

/** Told from the text before the opening quote, the text after the caret, and the signatures of the functions. */
export function placeAt(before: string, after: string, signatures: ReadonlyMap<string, string>): Place | null {
  if (/\bconst\s+ON\s*=[^;]*$/.test(before)) return { in: 'kinds' }
  if (/\bconst\s+SEVERITY\s*=\s*$/.test(before)) return { in: 'severity' }
  if (/\bconst\s+ZONE\s*=\s*$/.test(before)) return { in: 'zone' }
  if (/\bconst\s+(?:REMIND|HOLD|RESOLVE_AFTER|SILENT_FOR|FORGET_AFTER|LEARN)\s*=[^;]*$/.test(before)) return { in: 'duration' }
  const field = (COMPARED.exec(before) ?? AMONG.exec(before))?.[1]
  if (field) return { in: 'field', field }
  const call = callAt(before)
  const parameter = call && parametersOf(signatures.get(call.name) ?? '')[call.argument]
  if (!call || !parameter) return null
  if (parameter === 'name' && /^(?:in_)?list$/.test(call.name)) return { in: 'list' }
  if (LASTS.has(parameter)) return { in: 'duration' }
  const asked = parameter === 'pattern' && call.name === 'glob' ? /^[^"\n]*"\s*,\s*event\.(\w+)/.exec(after)?.[1] : undefined
  return asked ? { in: 'field', field: asked } : null
}

/** The call whose brackets are open at the end, and which of its arguments begins there. */
function callAt(before: string): { name: string; argument: number } | null {
  let depth = 0
  let argument = 0
  let inText = false
  for (let at = before.length - 1; at >= 0; at -= 1) {
    const character = before[at]
    if (character === '"' && before[at - 1] !== '\\') inText = !inText
    if (inText) continue
    if (character === ')' || character === ']' || character === '}') depth += 1
    else if (character === '[' || character === '{') {
      if (depth === 0) return null
      depth -= 1
    } else if (character === '(') {
      if (depth === 0) {
        const name = /([A-Za-z_]\w*)\s*$/.exec(before.slice(0, at))?.[1]
        return name ? { name, argument } : null
      }
      depth -= 1
    } else if (character === ',' && depth === 0) argument += 1
    else if (character === ';') return null
  }
  return null
}

const parametersOf = (signature: string): string[] =>
  (/\(([^)]*)\)/.exec(signature)?.[1] ?? '').split(',').map((one) => one.trim())
