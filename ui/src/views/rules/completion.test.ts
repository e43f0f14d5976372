import { CompletionContext, type Completion } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import type { SeenValues, Vocabulary } from '../../host'
import { completeRule } from './completion'
import { remembered, written, type AskSeen } from './seen-values'
import { rhaiSupport } from './rhai-language'
import { fieldsOf, onOf } from './words'

const words: Vocabulary = {
  kinds: [
    { name: 'security.rogue', fields: [{ name: 'rogue_id', ty: 'mac', values: [] }, { name: 'ssid', ty: 'text', values: [] }] },
    { name: 'security.wids', fields: [{ name: 'level', ty: 'enum', values: ['low', 'high'] }, { name: 'ssid', ty: 'text', values: [] }] },
    { name: 'audit.firmware', fields: [{ name: 'target', ty: 'text', values: [] }] },
  ],
  functions: [
    { name: 'count', signature: 'count(window, by)', doc: '', example: '' },
    { name: 'marked', signature: 'marked(window, name, by)', doc: '', example: '' },
    { name: 'glob', signature: 'glob(pattern, text)', doc: '', example: '' },
    { name: 'in_list', signature: 'in_list(name, value)', doc: 'Whether a list has it.', example: 'in_list("vips", event.ssid)' },
  ],
  constants: [{ name: 'REMIND', doc: 'Say it again.', example: 'const REMIND = "1h";' }],
  lists: [{ name: 'our-aps', entries: 40 }],
}

/** What is offered at the `|`. */
async function offered(text: string, explicit = false): Promise<string[]> {
  return (await options(text, explicit)).map((option) => option.label)
}

async function options(text: string, explicit = false, asked: AskSeen = async () => null): Promise<readonly Completion[]> {
  const at = text.indexOf('|')
  const doc = text.replace('|', '')
  const state = EditorState.create({ doc, extensions: [rhaiSupport()] })
  const result = await completeRule(() => words, asked)(new CompletionContext(state, at, explicit))
  return result?.options ?? []
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

  it('offers the fields of the kinds after event.', async () => {
    expect(await offered(`${on}event.|`)).toEqual(['level', 'ssid'])
    expect(await offered(`${on}event.le|`)).toEqual(['level', 'ssid'])
  })

  it('offers the values of an enum where it is compared', async () => {
    expect(await offered(`${on}event.level == "|" }`)).toEqual(['low', 'high'])
    expect(await offered(`${on}event.level.contains("|`)).toEqual(['low', 'high'])
    expect(await offered(`${on}event.ssid == "|`)).toEqual([])
  })

  it('offers lists, kinds and severities in their quotes', async () => {
    expect(await offered(`${on}in_list("|`)).toEqual(['our-aps'])
    expect(await offered('const ON = "|"')).toContain('security.wids')
    expect(await offered('const ON = "|"')).toContain('audit')
    expect(await offered('const SEVERITY = "|')).toEqual(['info', 'warning', 'critical'])
  })

  it('offers our functions and constants, the file’s own, and the parts it lacks', async () => {
    const names = await offered(`const LIMIT = 5;\n${on}i|`)
    expect(names).toEqual(expect.arrayContaining(['in_list', 'REMIND', 'LIMIT', 'fn title', 'event']))
    expect(names).not.toContain('fn when')
  })

  it('keeps quiet in comments, after other dots and without a word', async () => {
    expect(await offered('// ev|')).toEqual([])
    expect(await offered(`${on}event.ssid.|`)).toEqual([])
    expect(await offered(`${on}|`)).toEqual([])
    expect(await offered(`${on}|`, true)).toContain('in_list')
  })
})

describe('values seen on this network', () => {
  const on = 'const ON = "security.wids";\nfn when(event) { '
  const hostile = 'a"b\\c\n<img src=x>\u202Ex'
  const seen: SeenValues = {
    values: [
      { value: 'eduroam', text: true, count: 1204 }, { value: hostile, text: true, count: 60 },
      { value: '7', text: false, count: 3 }, { value: '', text: true, count: 1 },
    ],
    different: 4, events: 2000, since: 0,
  }
  const asked: string[] = []
  const ask: AskSeen = async (kinds, field) => (asked.push(`${kinds.join()} ${field}`), seen)

  it('are offered wherever a field is compared with a text, with how often they were seen', async () => {
    for (const place of ['event.ssid == "|"', 'event.ssid != "|', 'event.ssid in ["lab", "|"]', 'event.ssid in [\n    "lab",\n    "|"', 'event.ssid.to_lower() == "|"', 'event.ssid.starts_with("|")', 'glob("|", event.ssid)']) {
      asked.length = 0
      const found = await options(`${on}${place} }`, false, ask)
      expect([place, asked, found[0]?.label, found[0]?.detail]).toEqual([place, ['security.wids ssid'], 'eduroam', '1,204 seen'])
      expect(found).toHaveLength(2)
    }
  })

  it('stand before the names of an enum that were not seen', async () => {
    const level: AskSeen = async () => ({ ...seen, values: [{ value: 'high', text: true, count: 2 }] })
    const found = await options(`${on}event.level == "|" }`, false, level)
    expect(found.map((one) => [one.label, one.detail])).toEqual([['high', '2 seen'], ['low', 'not seen']])
  })

  it('are not asked for elsewhere', async () => {
    asked.length = 0
    for (const place of ['marked("1h", "|', 'title("|', '"|']) await options(`${on}${place}`, false, ask)
    expect(asked).toEqual([])
  })

  it('are written so that nothing in them acts, and the rule means that very text', async () => {
    expect(written(hostile)).toBe('a\\"b\\\\c\\n<img src=x>\\u202ex')
    expect(written('\u{E0041}')).toBe('\\U000e0041')
    const found = await options(`${on}event.ssid == "|" }`, false, ask)
    expect(found[1]?.label).toBe(written(hostile))
  })

  it('stand on the card of their field as text', async () => {
    const found = await options(`${on}event.ss|`, false, ask)
    const info = found.find((one) => one.label === 'ssid')?.info
    const card = (await (info as () => Promise<HTMLElement>)())
    expect(card.querySelector('img')).toBeNull()
    expect(card.textContent).toContain(`Seen on this network, 4 different"eduroam"1,204"${written(hostile)}"60`)
  })

  it('are asked for once a minute, and again after they could not be told', async () => {
    let times = 0
    const kept = remembered(async () => ((times += 1), seen))
    await Promise.all([kept(['a'], 'x'), kept(['a'], 'x'), kept(['b'], 'x')])
    expect(times).toBe(2)
    const broken = remembered(async () => ((times += 1), Promise.reject(new Error('gone'))))
    expect(await broken([], 'x')).toBeNull()
    expect(await broken([], 'x')).toBeNull()
    expect(times).toBe(4)
  })
})

describe('what else stands in quotes', () => {
  it('is told from the function and the constant', async () => {
    expect(await offered('fn when(event) { count("|", event.ssid) }')).toContain('15m')
    expect(await offered('fn when(event) { count(event.ssid, "|") }')).toEqual([])
    expect(await offered('const REMIND = ["15m", "|"')).toContain('1h')
    expect(await offered('const ON = ["security.rogue", "|"]')).toContain('audit.firmware')
    expect(await offered('const ZONE = "|"')).toContain('Europe/Vienna')
  })
})
