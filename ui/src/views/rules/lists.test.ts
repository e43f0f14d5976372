import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Lists } from './lists.svelte'
import { put } from './list-table'

const { files } = vi.hoisted(() => ({ files: new Map<string, string>() }))
vi.mock('../../host', async (real) => ({
  ...(await real<object>()),
  host: {
    lists: async () => [...files.keys()].map((file) => ({ name: file.split('.')[0], csv: file.endsWith('.csv'), entries: 1 })),
    list: async (name: string, csv: boolean) => {
      const text = files.get(`${name}.${csv ? 'csv' : 'txt'}`) ?? ''
      return { text, hash: text }
    },
    saveList: async (name: string, csv: boolean, text: string, base: string | null) => {
      const file = `${name}.${csv ? 'csv' : 'txt'}`
      const there = files.get(file) ?? null
      if (there !== base) return { type: 'conflict', value: { theirs: there, hash: there } }
      files.set(file, text)
      return { type: 'saved', value: { hash: text } }
    },
    deleteList: async (name: string, csv: boolean) => {
      const file = `${name}.${csv ? 'csv' : 'txt'}`
      const text = files.get(file) ?? ''
      files.delete(file)
      return text
    },
  },
}))

let lists: Lists
const write = (value: string): void => {
  if (lists.open) lists.open.table = put(lists.open.table, 0, 0, value)
}
beforeEach(async () => {
  files.clear()
  files.set('our-aps.txt', 'a  # one')
  files.set('people.csv', 'name,mac\nmira,1\n')
  lists = new Lists()
  await lists.refresh()
  await lists.choose('our-aps', false)
})

describe('lists', () => {
  it('are not edited by being looked at, even without an end to their last line', () => {
    expect(lists.open?.edited).toBe(false)
  })

  it('keep an edit while another is looked at, and are saved as they stand', async () => {
    write('b')
    await lists.choose('people', true)
    await lists.choose('our-aps', false)
    expect(lists.open?.text).toBe('b  # one\n')
    expect(await lists.save()).toBe(true)
    expect([files.get('our-aps.txt'), lists.open?.edited]).toEqual(['b  # one\n', false])
  })

  it('follow their file while untouched, and ask when both changed', async () => {
    files.set('our-aps.txt', 'c\n')
    await lists.refresh()
    expect(lists.open?.text).toBe('c\n')
    write('mine')
    files.set('our-aps.txt', 'theirs\n')
    expect(await lists.save()).toBe(false)
    expect([files.get('our-aps.txt'), lists.open?.outside?.text]).toEqual(['theirs\n', 'theirs\n'])
  })

  it('begin, go and come back', async () => {
    expect([lists.problem('our-aps'), lists.problem('a/b'), lists.problem('vips')]).toEqual(['taken', 'bad', ''])
    lists.begin('vips', false)
    write('x')
    await lists.save()
    expect(files.get('vips.txt')).toBe('x\n')
    const undo = await lists.remove()
    expect([files.has('vips.txt'), lists.open]).toEqual([false, null])
    await undo()
    expect([files.get('vips.txt'), lists.open?.name]).toEqual(['x\n', 'vips'])
  })

  it('go back to the saved text, and a new one goes', async () => {
    write('b')
    lists.revert()
    expect([lists.open?.edited, lists.open?.table.lines[0]?.cells?.[0]]).toEqual([false, 'a'])
    lists.begin('vips', false)
    lists.revert()
    expect(lists.open).toBe(null)
  })
})
