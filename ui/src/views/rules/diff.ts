/** The longest common subsequence of two lists of lines, as pairs of places. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  // What is equal at both ends needs no search: a single edited line costs next to nothing.
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const pairs: [number, number][] = Array.from({ length: head }, (_, index) => [index, index])
  for (const [i, j] of search(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) pairs.push([i + head, j + head])
  for (let left = tail; left > 0; left -= 1) pairs.push([a.length - left, b.length - left])
  return pairs
}

/** Quadratic in time and room: for what is left between the equal ends. */
function search(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j
      lengths[at] = a[i] === b[j]
        ? (lengths[at + width + 1] ?? 0) + 1
        : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0)
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1
    else j += 1
  }
  return pairs
}

/** Larger texts are compared line by line in place: still right about "the same", coarser about "moved". */
const MOST = 2_000

/** For each line of `now`, whether it is not in `before` (as a line of the longest common run of lines). */
export function linesDiffer(before: readonly string[], now: readonly string[]): boolean[] {
  if (before.length > MOST || now.length > MOST) return now.map((line, index) => line !== before[index])
  const differs = now.map(() => true)
  for (const [, j] of common(before, now)) differs[j] = false
  return differs
}

/** A row of two texts side by side; `null` where one has nothing. */
export interface Pair {
  left: string | null
  right: string | null
  same: boolean
}

/** Two texts aligned line by line. */
export function sideBySide(left: string, right: string): Pair[] {
  const a = left.split('\n').slice(0, MOST)
  const b = right.split('\n').slice(0, MOST)
  const rows: Pair[] = []
  let i = 0
  let j = 0
  for (const [nextI, nextJ] of [...common(a, b), [a.length, b.length] as [number, number]]) {
    while (i < nextI || j < nextJ) {
      rows.push({ left: i < nextI ? (a[i] ?? '') : null, right: j < nextJ ? (b[j] ?? '') : null, same: false })
      if (i < nextI) i += 1
      if (j < nextJ) j += 1
    }
    if (i < a.length && j < b.length) rows.push({ left: a[i++] ?? '', right: b[j++] ?? '', same: true })
  }
  return rows
}
