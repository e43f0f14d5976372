// Which lines of a rule read which field of the event.

/** Comments and plain texts say nothing; what is in a text with backticks and `${}` is read. */
const silent = (line: string): string => line.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\/\/.*$/, '')

/** The lines, from 1, that read each field. The event has the name that the function gives it. */
export function linesReading(text: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>()
  let events = ['event']
  text.split('\n').forEach((raw, index) => {
    const line = silent(raw)
    const parameters = /\bfn\s+\w+\s*\(([^)]*)\)/.exec(line)
    if (parameters) events = (parameters[1] ?? '').split(',').map((name) => name.trim()).filter(Boolean)
    for (const [, of = '', field = ''] of line.matchAll(/\b([A-Za-z_]\w*)\s*\.\s*([A-Za-z_]\w*)\b(?!\s*\()/g)) {
      if (!events.includes(of)) continue
      const lines = found.get(field) ?? []
      if (lines.at(-1) !== index + 1) lines.push(index + 1)
      found.set(field, lines)
    }
  })
  return found
}
