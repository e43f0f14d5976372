import { beforeEach, describe, expect, it, vi } from 'vitest'
import { HostError, useDoor, type Request, type Response, type RuleRow } from '../../host'
import { Desk } from './desk.svelte'

const files = new Map<string, string>()
const cases = new Map<string, string>()
let asked: Request[] = []

const row = (name: string): RuleRow => ({
  name, title: name, severity: 'warning', on: ['security'], enabled: true, state: 'running', paused_until: null, learns_until: null, note: '',
  errors: 0, warnings: 0, firing: 0, hits: [0, 0, 0, 0, 0, 0, 0], last_hit: null, useful: 0, noise: 0,
})

function answer(request: Request): Response {
  switch (request.type) {
    case 'rules':
      return { type: 'rules', value: [...files.keys()].map(row) }
    case 'rule': {
      const text = files.get(request.name) ?? ''
      return { type: 'rule', value: { row: row(request.name), text, hash: `#${text}`, doc: '', findings: [], cases: cases.get(request.name) ?? '', cases_hash: `#${cases.get(request.name) ?? ''}` } }
    }
    case 'check_rule':
      return { type: 'findings', value: [] }
    case 'save_rule': {
      const now = files.get(request.name)
      if (now === undefined && request.base !== null) throw { code: 'gone', message: 'There is no such rule.', help: '' }
      if (now !== undefined && request.base === null) throw { code: 'exists', message: 'There is one already.', help: '' }
      if (now !== undefined && `#${now}` !== request.base) return { type: 'conflict', value: { theirs: now, hash: `#${now}` } }
      files.set(request.name, request.text)
      return { type: 'saved', value: { hash: `#${request.text}` } }
    }
    case 'save_cases': {
      const now = cases.get(request.name) ?? ''
      if (`#${now}` !== (request.base ?? '#')) return { type: 'conflict', value: { theirs: now, hash: `#${now}` } }
      cases.set(request.name, request.text)
      return { type: 'saved', value: { hash: `#${request.text}` } }
    }
    case 'delete_rule': {
      const text = files.get(request.name) ?? ''
      files.delete(request.name)
      return { type: 'deleted', value: { text, cases: '# cases' } }
    }
    case 'restore_rule':
      expect(request.cases).toBe('# cases')
      files.set(request.name, request.text)
      return { type: 'saved', value: { hash: `#${request.text}` } }
    case 'rename_rule':
      files.set(request.to, files.get(request.name) ?? '')
      files.delete(request.name)
      return { type: 'done' }
    case 'vocabulary':
      return { type: 'vocabulary', value: { kinds: [], functions: [], constants: [], lists: [] } }
    case 'templates':
      return { type: 'templates', value: [] }
    default:
      return { type: 'done' }
  }
}

beforeEach(() => {
  files.clear()
  cases.clear()
  files.set('audit/b', 'b')
  files.set('security/a', 'a')
  asked = []
  useDoor({
    call: (request) => {
      asked.push(request)
      return new Promise((resolve) => resolve(answer(request)))
    },
    subscribe: () => Promise.resolve(),
  })
})

async function started(): Promise<Desk> {
  const desk = new Desk()
  await desk.start()
  return desk
}

describe('the desk', () => {
  it('opens the first rule as listed: security before audit', async () => {
    const desk = await started()
    expect(desk.selected).toBe('security/a')
    expect(desk.draft?.text).toBe('a')
  })

  it('keeps edits while other rules are looked at, and counts them', async () => {
    const desk = await started()
    desk.type('a edited')
    await desk.open('audit/b')
    desk.type('b edited')
    await desk.open('security/a')
    expect(desk.draft?.text).toBe('a edited')
    expect(desk.unsaved).toBe(2)
  })

  it('saves against the text it began from', async () => {
    const desk = await started()
    desk.type('a2')
    expect(await desk.save()).toBe(true)
    expect(files.get('security/a')).toBe('a2')
    expect(desk.draft?.edited).toBe(false)
    expect(asked.find((request) => request.type === 'save_rule')).toMatchObject({ base: '#a' })
  })

  it('never overwrites what changed outside, until told to', async () => {
    const desk = await started()
    desk.type('mine')
    files.set('security/a', 'theirs')
    expect(await desk.save()).toBe(false)
    expect(files.get('security/a')).toBe('theirs')
    expect(desk.draft?.outside?.text).toBe('theirs')
    // Asked and not answered: saving again does nothing.
    expect(await desk.save()).toBe(false)
    expect(files.get('security/a')).toBe('theirs')
    desk.draft?.keepMine()
    expect(await desk.save()).toBe(true)
    expect(files.get('security/a')).toBe('mine')
  })

  it('asks when the file went, and writes it again when told to', async () => {
    const desk = await started()
    desk.type('mine')
    files.delete('security/a')
    expect(await desk.save()).toBe(false)
    expect(desk.draft?.outside).toEqual({ text: null, hash: null })
    desk.draft?.keepMine()
    expect(await desk.save()).toBe(true)
    expect(files.get('security/a')).toBe('mine')
  })

  it('asks when a new rule meets a file of its name', async () => {
    const desk = await started()
    desk.begin('security/new', 'mine')
    files.set('security/new', 'theirs')
    expect(await desk.save()).toBe(false)
    expect(desk.draft?.outside?.text).toBe('theirs')
  })

  it('follows a file that changed under an untouched text', async () => {
    const desk = await started()
    files.set('security/a', 'theirs')
    await desk.refresh()
    expect(desk.draft).toMatchObject({ text: 'theirs', edited: false })
  })

  it('deletes and brings back', async () => {
    const desk = await started()
    const undo = await desk.remove('security/a')
    expect(desk.selected).toBe('audit/b')
    expect(files.has('security/a')).toBe(false)
    await undo()
    expect(files.get('security/a')).toBe('a')
    expect(desk.selected).toBe('security/a')
  })

  it('saves the cases of a new rule beside it', async () => {
    const desk = await started()
    desk.begin('security/new', 'mine', '[[case]]')
    expect(await desk.save()).toBe(true)
    expect(cases.get('security/new')).toBe('[[case]]')
    expect(desk.draft?.edited).toBe(false)
  })

  it('saves edited cases alone, and puts them back on revert', async () => {
    cases.set('security/a', 'one')
    const desk = await started()
    expect(desk.draft).toMatchObject({ cases: 'one', edited: false })
    desk.typeCases('two')
    expect(desk.draft?.edited).toBe(true)
    desk.revert()
    expect(desk.draft).toMatchObject({ cases: 'one', edited: false })
    desk.typeCases('two')
    asked = []
    expect(await desk.save()).toBe(true)
    expect(cases.get('security/a')).toBe('two')
    expect(asked.some((request) => request.type === 'save_rule')).toBe(false)
  })

  it('never overwrites cases that changed outside, until told to', async () => {
    cases.set('security/a', 'one')
    const desk = await started()
    desk.typeCases('mine')
    cases.set('security/a', 'theirs')
    expect(await desk.save()).toBe(false)
    expect(desk.draft?.casesOutside?.text).toBe('theirs')
    expect(await desk.save()).toBe(false)
    expect(cases.get('security/a')).toBe('theirs')
    desk.draft?.keepMyCases()
    expect(await desk.save()).toBe(true)
    expect(cases.get('security/a')).toBe('mine')
  })

  it('follows cases that changed under untouched ones', async () => {
    cases.set('security/a', 'one')
    const desk = await started()
    cases.set('security/a', 'theirs')
    await desk.refresh()
    expect(desk.draft).toMatchObject({ cases: 'theirs', edited: false })
  })

  it('copies the cases with the rule', async () => {
    cases.set('security/a', 'one')
    const desk = await started()
    desk.duplicate()
    expect(desk.draft).toMatchObject({ name: 'security/a-2', cases: 'one' })
  })

  it('discards a rule that was never saved', async () => {
    const desk = await started()
    desk.begin('security/new', '')
    desk.revert()
    await vi.waitFor(() => expect(desk.selected).toBe('audit/b'))
    expect(desk.names).toEqual(['security/a', 'audit/b'])
  })

  it('takes an edit along when renaming', async () => {
    const desk = await started()
    desk.type('edited')
    await desk.rename('security/a', 'security/z')
    expect(desk.selected).toBe('security/z')
    expect(desk.draft).toMatchObject({ text: 'edited', saved: 'a', edited: true })
  })

  it('checks once typing rests, and only the last text', async () => {
    const desk = await started()
    asked = []
    desk.type('x')
    desk.type('xy')
    expect(desk.draft?.checked).toBeNull()
    await vi.waitFor(() => expect(desk.draft?.checked).not.toBeNull())
    expect(asked.filter((request) => request.type === 'check_rule' && request.text.startsWith('x'))).toEqual([{ type: 'check_rule', name: 'security/a', text: 'xy' }])
  })

  it('says why the rules could not be read', async () => {
    useDoor({ call: () => Promise.reject(new HostError('file', 'The folder is gone.')), subscribe: () => Promise.resolve() })
    const desk = await started()
    expect(desk.failed?.message).toBe('The folder is gone.')
  })
})
