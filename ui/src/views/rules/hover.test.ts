import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import type { Vocabulary } from '../../host'
import { meantAt } from './hover'
import { rhaiSupport } from './rhai-language'

const words: Vocabulary = {
  kinds: [{ name: 'security.wids', fields: [{ name: 'level', ty: 'enum', values: ['low', 'high'] }] }],
  functions: [{ name: 'in_list', signature: 'in_list(name, value)', doc: 'Whether a list has it.', example: 'in_list("vips", event.ssid)' }],
  constants: [{ name: 'REMIND', doc: 'Say it again.', example: 'const REMIND = "1h";' }],
  lists: [{ name: 'our-aps', entries: 40 }],
}

/** What is said of the word at the `|`. */
async function said(text: string): Promise<string | undefined> {
  const at = text.indexOf('|')
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [rhaiSupport()] })
  const seen = async () => ({ values: [{ value: '<b>high', text: true, count: 3 }], different: 1, events: 4, since: 0 })
  const card = await meantAt(state, at, words, seen)?.card()
  expect(card?.querySelector('b') ?? null).toBeNull()
  return card?.textContent ?? undefined
}

describe('the word under the pointer', () => {
  const on = 'const ON = "security.wids";\n'
  it('is told: a field with what was seen of it, a function, a constant, a list, a kind', async () => {
    expect(await said(`${on}fn when(event) { event.le|vel == "high" }`)).toBe('event.levelenum, in security.wids. One of "low", "high".Seen on this network, 1 different"<b>high"3')
    expect(await said('in_l|ist("x", 1)')).toContain('in_list(name, value)Whether a list has it.')
    expect(await said('const RE|MIND = "1h";')).toContain('Say it again.')
    expect(await said('in_list("our-|aps", 1)')).toBe('"our-aps"A list with 40 entries.')
    expect(await said('const ON = "security.|wids";')).toContain('A kind of event with 1 field: level.')
  })

  it('says nothing where nothing is known', async () => {
    expect(await said('// in_l|ist')).toBeUndefined()
    expect(await said('event.no|pe')).toBeUndefined()
    expect(await said('other.le|vel')).toBeUndefined()
    expect(await said('in_list(|  1)')).toBeUndefined()
    expect(await said('"REM|IND"')).toBeUndefined()
  })
})
