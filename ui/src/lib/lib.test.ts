import { fireEvent, render, screen } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'

import type { FieldRow } from '../host'
import Air from './Air.svelte'
import { fieldAt, glyph, octetsOf, recordOf } from './bytes'
import FilterField from './FilterField.svelte'
import Middle from './Middle.svelte'
import Switch from './Switch.svelte'

const field = (name: string, bytes: [number, number] | null): FieldRow => ({ name, ty: 'text', value: '', absent: false, note: '', bytes })

describe('octets', () => {
  it('come from base64; what is not base64 has none', () => {
    expect([...octetsOf('AP8Q')]).toEqual([0, 255, 16])
    expect(octetsOf('%').length).toBe(0)
  })
  it('belong to the innermost field', () => {
    const fields = [field('outer', [2, 20]), field('inner', [5, 9]), field('absent', null)]
    expect(fieldAt(fields, 5)).toBe('inner')
    expect(fieldAt(fields, 9)).toBe('outer')
    expect(fieldAt(fields, 20)).toBeNull()
    expect(recordOf(fields)).toEqual([2, 20])
    expect(recordOf([])).toBeNull()
  })
  it('are drawn only where one can see them', () => {
    expect([0x00, 0x1b, 0x20, 0x41, 0x7f, 0xff].map(glyph)).toEqual(['·', '·', ' ', 'A', '·', '·'])
  })
})

describe('a name that is cut in its middle', () => {
  const parts = (text: string): (string | undefined)[] => {
    const { container, unmount } = render(Middle, { text, keep: 6 })
    const found = ['.head', '.tail'].map((css) => container.querySelector(css)?.textContent ?? undefined)
    unmount()
    return found
  }
  it('keeps its end, in which a drawn control character counts as long as its name is', () => {
    expect(parts('86:13:c1:66:b1:32')).toEqual(['86:13:c1:66', ':b1:32'])
    expect(parts('ap-01')).toEqual([undefined, 'ap-01'])
    expect(parts('12345678')).toEqual([undefined, '12345678'])
    expect(parts('edu\u200bro\u2060am\ufeffx')).toEqual(['eduU+200BroU+2060amU+FEFF', 'x'])
    expect(parts('ro\ufeff')).toEqual(['ro', 'U+FEFF'])
  })
})

describe('text from the air', () => {
  it('is never markup', () => {
    const { container } = render(Air, { text: '<img src=x onerror=alert(1)><b>x</b>' })
    expect(container.querySelector('img, b')).toBeNull()
    expect(container.textContent).toBe('<img src=x onerror=alert(1)><b>x</b>')
  })
  it('keeps its direction to itself and names what cannot be seen', () => {
    const { container } = render(Air, { text: 'a\u202eb\0' })
    expect(container.querySelector('bdi')?.textContent).toBe('aU+202Eb\\0')
  })
})

describe('a filter', () => {
  const show = (props: { value: string; wrong?: string }) =>
    render(FilterField, { placeholder: 'Filter', label: 'Filter', code: true, ...props })
  it('says by a check that it holds', () => {
    const { container } = show({ value: 'level == "high"' })
    expect(container.querySelector('.filter.holds')).not.toBeNull()
    expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('false')
  })
  it('says inside the field why it does not', () => {
    const { container } = show({ value: 'levl == "high"', wrong: 'No field "levl". Did you mean level?' })
    expect(container.querySelector('.filter.wrong')).not.toBeNull()
    expect(screen.getByRole('status').textContent).toBe('No field "levl". Did you mean level?')
    expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('true')
  })
  it('is emptied by its button and by Escape', async () => {
    const oninput = vi.fn()
    render(FilterField, { value: 'x', placeholder: 'Filter', label: 'Filter', oninput })
    await fireEvent.click(screen.getByRole('button'))
    const box = screen.getByRole<HTMLInputElement>('textbox')
    expect(box.value).toBe('')
    await fireEvent.input(box, { target: { value: 'y' } })
    await fireEvent.keyDown(box, { key: 'Escape' })
    expect(box.value).toBe('')
    expect(oninput).toHaveBeenCalledTimes(3)
  })
})

it('a switch says what it switches', async () => {
  const onchange = vi.fn()
  render(Switch, { on: false, label: 'Rogue on the wire', onchange })
  await fireEvent.click(screen.getByRole('switch', { name: 'Rogue on the wire' }))
  expect(onchange).toHaveBeenCalledWith(true)
})
