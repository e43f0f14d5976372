import { describe, expect, it } from 'vitest'
import type { RuleDetail } from '../../host'
import { Draft } from './drafts.svelte'

const row = {
  name: 'security/a', title: 'A', severity: 'warning', on: ['security'], enabled: true, state: 'running',
  paused_until: null, learns_until: null, note: '', errors: 0, warnings: 0, firing: 0, hits: [0, 0, 0, 0, 0, 0, 0], last_hit: null, useful: 0, noise: 0,
} as const satisfies Partial<RuleDetail['row']>

const onDisk = (text: string, hash: string): RuleDetail => ({
  row: { ...row, on: ['security'], hits: [...row.hits] }, text, hash, doc: '', findings: [], cases: '', cases_hash: '#',
})

function opened(): Draft {
  const draft = new Draft('security/a', 'one')
  draft.take('one', 'h1')
  return draft
}

describe('a draft', () => {
  it('is edited when it differs from the disk, or never was there', () => {
    const draft = opened()
    expect(draft.edited).toBe(false)
    draft.text = 'two'
    expect(draft.edited).toBe(true)
    draft.text = 'one'
    expect(draft.edited).toBe(false)
    expect(new Draft('security/new', '').edited).toBe(true)
  })

  it('follows the disk while untouched', () => {
    const draft = opened()
    draft.heard(onDisk('two', 'h2'))
    expect(draft).toMatchObject({ text: 'two', saved: 'two', hash: 'h2', outside: null, edited: false })
  })

  it('keeps an edit when the disk changes, and notes it', () => {
    const draft = opened()
    draft.text = 'mine'
    draft.heard(onDisk('theirs', 'h2'))
    expect(draft).toMatchObject({ text: 'mine', hash: 'h1', outside: { text: 'theirs', hash: 'h2' } })
  })

  it('sees its own save come back as no change', () => {
    const draft = opened()
    draft.text = 'mine'
    draft.heard(onDisk('mine', 'h2'))
    expect(draft).toMatchObject({ hash: 'h2', edited: false, outside: null })
  })

  it('keeps what was typed while a save was under way', () => {
    const draft = opened()
    draft.text = 'mine, and more'
    draft.kept('mine', 'h2')
    expect(draft).toMatchObject({ text: 'mine, and more', saved: 'mine', edited: true })
  })

  it('overwrites only what was seen when mine is kept', () => {
    const draft = opened()
    draft.text = 'mine'
    draft.heard(onDisk('theirs', 'h2'))
    draft.keepMine()
    expect(draft).toMatchObject({ text: 'mine', hash: 'h2', saved: 'theirs', outside: null, edited: true })
  })

  it('reverts to what the disk says now', () => {
    const draft = opened()
    draft.text = 'mine'
    draft.heard(onDisk('theirs', 'h2'))
    draft.revert()
    expect(draft).toMatchObject({ text: 'theirs', hash: 'h2', edited: false })
  })

  it('outlives its file', () => {
    const draft = opened()
    draft.text = 'mine'
    draft.gone()
    expect(draft.outside).toEqual({ text: null, hash: null })
    draft.keepMine()
    expect(draft).toMatchObject({ text: 'mine', hash: null, edited: true })
  })
})
