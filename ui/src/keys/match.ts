// Finding a name from a few letters, and which letters they were.

/** A name that was found: how well (more is better), and which stretches of it to mark. */
export interface Found {
  score: number
  marks: [number, number][]
}

/**
 * Whether `typed` occurs in `name`. A run that begins a word counts most, then a run inside one, then letters apart, if
 * the first of them begins the name; an empty `typed` finds everything.
 */
export function find(name: string, typed: string): Found | null {
  const words = typed.trim().toLowerCase()
  if (!words) return { score: 0, marks: [] }
  const text = name.toLowerCase()
  if (text.length !== name.length) return null

  const whole = text.indexOf(words)
  const begins = text.search(new RegExp(`(?:^|[^\\p{L}\\p{N}])${escape(words)}`, 'u'))
  if (begins >= 0) {
    const at = text.indexOf(words, begins)
    return { score: 300 - at - name.length / 100, marks: [[at, at + words.length]] }
  }
  if (whole >= 0) return { score: 200 - whole - name.length / 100, marks: [[whole, whole + words.length]] }

  const marks: [number, number][] = []
  let from = 0
  for (const letter of words.replace(/\s+/g, '')) {
    const at = text.indexOf(letter, from)
    if (at < 0 || (from === 0 && at > 0)) return null
    const last = marks[marks.length - 1]
    if (last && last[1] === at) last[1] = at + 1
    else marks.push([at, at + 1])
    from = at + 1
  }
  return { score: 100 - marks.length * 10 - name.length / 100, marks }
}

/** Whether one of these begins with what was typed: found, with nothing to mark and after what has it in its name. */
export function findAlso(others: readonly string[], typed: string): Found | null {
  const words = typed.trim().toLowerCase()
  return words && others.some((other) => other.startsWith(words)) ? { score: 50, marks: [] } : null
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
