import { CompletionContext } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import type { Vocabulary } from '../../host'
import { completeRule } from './completion'
import { rhaiSupport } from './rhai-language'
import { fieldsOf, onOf } from './words'

const words: Vocabulary = {
  kinds: [
    { name: 'security.rogue', fields: [{ name: 'rogue_id', ty: 'mac', values: [] }, { name: 'ssid', ty: 'text', values: [] }] },
    { name: 'security.wids', fields: [{ name: 'level', ty: 'enum', values: ['low', 'high'] }, { name: 'ssid', ty: 'text', values: [] }] },
    { name: 'audit.firmware', fields: [{ name: 'target', ty: 'text', values: [] }] },
  ],
  functions: [{ name: 'in_list', signature: 'in_list(name, value)', doc: 'Whether a list has it.', example: 'in_list("vips", event.ssid)' }],
  constants: [{ name: 'REMIND', doc: 'Say it again.', example: 'const REMIND = "1h";' }],
  lists: [{ name: 'our-aps', entries: 40 }],
}

/** What is offered at the `|`. */
function offered(text: string, explicit = false): string[] {
  const at = text.indexOf('|')
  const doc = text.replace('|', '')
  const state = EditorState.create({ doc, extensions: [rhaiSupport()] })
  const result = completeRule(() => words)(new CompletionContext(state, at, explicit))
  return (result?.options ?? []).map((option) => option.label)
}

describe('what the rule listens to', () => {
  it('is read from one name, from several, and while it is being typed', () => {
    expect(onOf('const ON = "security";')).toEqual(['security'])
    expect(onOf('const ON = ["security.rogue",\n  "audit"];')).toEqual(['security.rogue', 'audit'])
    expect(onOf('const ON = ["security.rogue", ')).toEqual(['security.rogue'])
    expect(onOf('fn when(event) { true }')).toEqual([])
  })

  it('gives the fields of its kinds, each once', () => {
    expect(fieldsOf('const ON = "security";', words).map((field) => field.name)).toEqual(['rogue_id', 'ssid', 'level'])
    expect(fieldsOf('const ON = "security.rogue";', words).map((field) => field.name)).toEqual(['rogue_id', 'ssid'])
    expect(fieldsOf('', words)).toHaveLength(4)
  })
})

describe('completion', () => {
  const on = 'const ON = "security.wids";\nfn when(event) { '

  it('offers the fields of the kinds after event.', () => {
    expect(offered(`${on}event.|`)).toEqual(['level', 'ssid'])
    expect(offered(`${on}event.le|`)).toEqual(['level', 'ssid'])
  })

  it('offers the values of an enum where it is compared', () => {
    expect(offered(`${on}event.level == "|" }`)).toEqual(['low', 'high'])
    expect(offered(`${on}event.level.contains("|`)).toEqual(['low', 'high'])
    expect(offered(`${on}event.ssid == "|`)).toEqual([])
  })

  it('offers lists, kinds and severities in their quotes', () => {
    expect(offered(`${on}in_list("|`)).toEqual(['our-aps'])
    expect(offered('const ON = "|"')).toContain('security.wids')
    expect(offered('const ON = "|"')).toContain('audit')
    expect(offered('const SEVERITY = "|')).toEqual(['info', 'warning', 'critical'])
  })

  it('offers our functions and constants, the file’s own, and the parts it lacks', () => {
    const names = offered(`const LIMIT = 5;\n${on}i|`)
    expect(names).toEqual(expect.arrayContaining(['in_list', 'REMIND', 'LIMIT', 'fn title', 'event']))
    expect(names).not.toContain('fn when')
  })

  it('keeps quiet in comments, after other dots and without a word', () => {
    expect(offered('// ev|')).toEqual([])
    expect(offered(`${on}event.ssid.|`)).toEqual([])
    expect(offered(`${on}|`)).toEqual([])
    expect(offered(`${on}|`, true)).toContain('in_list')
  })
})
