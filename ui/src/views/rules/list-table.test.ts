import { describe, expect, it } from 'vitest'
import { add, columnsOf, entriesOf, put, read, remove, write } from './list-table'

const PLAIN = '\uFEFF# ours\r\n20:4c:03:12:34:56  # library\r\n\r\n  10.20.0.0/16\r\n'
const CSV = 'name;serial\n"Mira; L.";CN01\n# gone\nlee;"CN ""02"""\n'

describe('a list as a table', () => {
  it('is the same file again, whatever stands in it', () => {
    for (const text of [PLAIN, CSV.replaceAll(';', ','), CSV, '', 'a\n', 'a\n\n\n']) {
      for (const csv of [false, true]) expect(write(read(text, csv))).toBe(text)
    }
    expect(write(read('a', false))).toBe('a\n')
  })

  it('has an entry and its remark on each line, and leaves other lines alone', () => {
    const table = read(PLAIN, false)
    expect(table.lines.map((line) => line.cells)).toEqual([null, ['20:4c:03:12:34:56', 'library'], null, ['10.20.0.0/16', '']])
    expect([columnsOf(table), entriesOf(table)]).toEqual([2, 2])
    expect(write(put(table, 3, 1, 'dorms'))).toBe('\uFEFF# ours\r\n20:4c:03:12:34:56  # library\r\n\r\n10.20.0.0/16  # dorms\r\n')
    expect(put(table, 0, 0, 'x')).toBe(table)
    expect(put(table, 1, 0, '20:4c:03:12:34:56')).toBe(table)
  })

  it('has the columns that the first line names', () => {
    const table = read(CSV, true)
    expect(table.heading).toEqual(['name', 'serial'])
    expect(table.lines.map((line) => line.cells)).toEqual([null, ['Mira; L.', 'CN01'], null, ['lee', 'CN "02"']])
    expect(write(put(table, 3, 0, 'lee; jr'))).toBe('name;serial\n"Mira; L.";CN01\n# gone\n"lee; jr";"CN ""02"""\n')
    expect(write(put(read('a,b\nx\n', true), 1, 1, 'y'))).toBe('a,b\nx,y\n')
    expect(read('10.0.0.1,x\n', true).heading).toEqual(['1', '2'])
  })

  it('gets lines and loses them', () => {
    const table = read('a\nb\n', false)
    expect(write(add(table, 0, ['x', 'new']))).toBe('a\nx  # new\nb\n')
    expect(write(add(table, -1))).toBe('\na\nb\n')
    expect(write(remove(table, 0))).toBe('b\n')
    expect(write(put(table, 0, 0, 'two\nlines'))).toBe('two lines\nb\n')
  })
})
