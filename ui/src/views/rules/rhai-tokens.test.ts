import { StringStream } from '@codemirror/language'
import { describe, expect, it } from 'vitest'
import { start, token, type State, type Token } from './rhai-tokens'

/** Reads text line by line as the editor does: `[what, text]` without plain ones. */
function read(text: string, state: State = start()): [Token, string][] {
  const found: [Token, string][] = []
  for (const line of text.split('\n')) {
    const stream = new StringStream(line, 4, 4)
    while (!stream.eol()) {
      stream.start = stream.pos
      const kind = token(stream, state)
      expect(stream.pos).toBeGreaterThan(stream.start)
      if (kind) found.push([kind, stream.current()])
    }
  }
  return found
}

const kinds = (text: string) => read(text).map(([kind]) => kind)
const of = (text: string, word: string) => read(text).find(([, said]) => said === word)?.[0]

describe('Rhai', () => {
  it('tells words apart', () => {
    const text = 'const ON = "security.wids"; fn when(event) { event.level.contains("hi") && in_list("a", event.ssid) }'
    expect(of(text, 'const')).toBe('keyword')
    expect(of(text, 'ON')).toBe('constant')
    expect(of(text, '"security.wids"')).toBe('text')
    expect(of(text, 'when')).toBe('define')
    expect(of(text, 'event')).toBe('variable')
    expect(of(text, 'level')).toBe('field')
    expect(of(text, 'contains')).toBe('function')
    expect(of(text, 'in_list')).toBe('function')
    expect(of(text, '&&')).toBe('operator')
  })

  it('tells doc lines from comments', () => {
    expect(read('//! Title')).toEqual([['doc', '//! Title']])
    expect(read('// aside')).toEqual([['comment', '// aside']])
  })

  it('nests block comments over lines', () => {
    expect(kinds('/* a /* b */ c\nstill */ true')).toEqual(['comment', 'comment', 'atom'])
  })

  it('reads numbers, and ranges as two of them', () => {
    for (const number of ['5', '1_000', '0xff', '2.5', '1e9']) expect(read(number)).toEqual([['number', number]])
    expect(kinds('1..5')).toEqual(['number', 'operator', 'number'])
  })

  it('reads into a template and comes back', () => {
    expect(read('`On ${event.port} ok`')).toEqual([
      ['text', '`On '], ['bracket', '${'], ['variable', 'event'], ['field', 'port'], ['bracket', '}'], ['text', ' ok`'],
    ])
  })

  it('nests templates and the braces in them', () => {
    const found = read('`a${ if x { `b${y}` } else { "c" } }d` + z')
    expect(found.at(-1)).toEqual(['variable', 'z'])
    expect(found.find(([, said]) => said === 'y')?.[0]).toBe('variable')
    expect(found.find(([, said]) => said === 'd`')?.[0]).toBe('text')
  })

  it('lets a template go over lines', () => {
    expect(kinds('`one\ntwo ${x}\nthree` + 1').at(-1)).toBe('number')
  })

  it('ends an open text at the line, as Rhai does', () => {
    expect(kinds('"open\ntrue')).toEqual(['invalid', 'atom'])
    expect(kinds('"goes on\\\nhere" + 1')).toEqual(['text', 'text', 'operator', 'number'])
  })

  it('reads raw texts with quotes in them', () => {
    expect(read('#"a "b" c"# + 1')[0]).toEqual(['text', '#"a "b" c"#'])
  })

  it('gets through anything', () => {
    read('}}}`${{{"\'\\#"§€🔔 \u0000 fn . ?. 0x 1. /*')
  })
})
