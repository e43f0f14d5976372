// A list's file as a table, and back: a line that was not touched stays as it stands, remarks and empty lines included.

/** A line of the file. */
export interface Line {
  /** As it stands in the file. */
  raw: string
  /** What its columns hold; none for a remark or an empty line. */
  cells: readonly string[] | null
}

export interface Table {
  /** What columns are called; `null` where each line is one entry with a remark. */
  heading: readonly string[] | null
  lines: readonly Line[]
  /** What stands between the cells of a line. */
  between: string
  /** What ends a line. */
  end: string
  /** What stands before the first line. */
  mark: string
}

const BETWEEN = [',', ';', '\t']

/** Reads a file; `csv` if it is a table with columns. */
export function read(text: string, csv: boolean): Table {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const end = /\r\n/.test(text) ? '\r\n' : '\n'
  const raws = text.slice(mark.length).split(/\r?\n/)
  if (raws.at(-1) === '') raws.pop()
  if (!csv) return { heading: null, lines: raws.map((raw) => ({ raw, cells: entry(raw) })), between: '', end, mark }
  const first = raws.findIndex((raw) => !blank(raw))
  const between = BETWEEN.reduce((best, one) => (cut(raws[first] ?? '', one).length > cut(raws[first] ?? '', best).length ? one : best), ',')
  const heading = first < 0 ? [] : cut(raws[first] ?? '', between).map((cell) => cell.trim())
  const named = heading.length > 1 && heading.every((name) => /^\p{L}[\p{L}\p{N} _-]*$/u.test(name))
  return {
    heading: named ? heading : heading.map((_, at) => String(at + 1)),
    lines: raws.map((raw, at) => ({ raw, cells: blank(raw) || (named && at === first) ? null : cut(raw, between) })),
    between, end, mark,
  }
}

/** The file that a table stands for. */
export const write = (table: Table): string => table.mark + table.lines.map((line) => line.raw + table.end).join('')

/** The table with a cell of one of its lines changed. */
export function put(table: Table, at: number, column: number, value: string): Table {
  const line = table.lines[at]
  if (!line?.cells || line.cells[column] === value) return table
  const cells = [...line.cells]
  while (cells.length <= column) cells.push('')
  cells[column] = value.replace(/[\r\n]+/g, ' ')
  return { ...table, lines: table.lines.with(at, { raw: join(table, cells), cells }) }
}

/** The table with another line behind the one at `after` (-1: before all), and no more in it than `cells`. */
export function add(table: Table, after: number, cells: readonly string[] = []): Table {
  const all = Array.from({ length: columnsOf(table) }, (_, at) => cells[at] ?? '')
  return { ...table, lines: table.lines.toSpliced(after + 1, 0, { raw: join(table, all), cells: all }) }
}

/** The table without a line. */
export const remove = (table: Table, at: number): Table => ({ ...table, lines: table.lines.toSpliced(at, 1) })

/** How many columns it has. */
export const columnsOf = (table: Table): number => (table.heading ? Math.max(1, table.heading.length) : 2)

/** How many entries. */
export const entriesOf = (table: Table): number => table.lines.filter((line) => (line.cells?.[0] ?? '') !== '').length

const blank = (raw: string): boolean => raw.trim() === '' || raw.trim().startsWith('#')

/** An entry and its remark. */
function entry(raw: string): [string, string] | null {
  if (blank(raw)) return null
  const at = raw.search(/[ \t]#/)
  return at < 0 ? [raw.trim(), ''] : [raw.slice(0, at).trim(), raw.slice(at + 2).trim()]
}

function join(table: Table, cells: readonly string[]): string {
  const [first = '', remark = ''] = cells
  if (!table.heading) return remark ? `${first}  # ${remark}` : first
  return cells.map((cell) => quoted(cell, table.between)).join(table.between)
}

const quoted = (cell: string, between: string): string =>
  cell.includes(between) || cell.includes('"') || cell !== cell.trim() ? `"${cell.replace(/"/g, '""')}"` : cell

/** The cells of a line; one in quotes may hold what else stands between cells. */
function cut(line: string, between: string): string[] {
  const cells = ['']
  let inside = false
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? ''
    const cell = cells.at(-1) ?? ''
    if (inside && character === '"' && line[at + 1] === '"') {
      cells[cells.length - 1] = `${cell}"`
      at += 1
    } else if (inside && character === '"') inside = false
    else if (!inside && character === '"' && cell.trim() === '') {
      cells[cells.length - 1] = ''
      inside = true
    } else if (!inside && character === between) cells.push('')
    else cells[cells.length - 1] = cell + character
  }
  return cells.map((cell) => cell.trim())
}
