import { fireEvent, render } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import type { FieldRow } from '../host'
import ContextMenu from './ContextMenu.svelte'
import Fields from './Fields.svelte'

const field = (name: string): FieldRow => ({ name, ty: 'text', value: `"${name}"`, note: '', bytes: null, absent: false }) as FieldRow

describe('the menu of a field', () => {
  it('is asked for by the pointer about the field it is on, and by the keyboard about the marked one', async () => {
    const onmenu = vi.fn()
    const shown = { fields: [field('ssid'), field('level')], marked: 'level', label: 'Fields', onpoint: vi.fn(), onchoose: vi.fn() }
    const { container } = render(Fields, { ...shown, onmenu })
    await fireEvent.contextMenu(container.querySelector('[data-name=ssid] .name')!, { clientX: 40, clientY: 30 })
    expect(onmenu).toHaveBeenLastCalledWith('ssid', 40, 30)
    await fireEvent.contextMenu(container.querySelector('[role=listbox]')!)
    expect(onmenu.mock.lastCall?.[0]).toBe('level')
  })

  it('takes the keyboard, does one thing and is gone; Escape does none', async () => {
    const [onclose, run] = [vi.fn(), vi.fn()]
    const items = [
      { word: 'Filter on', action: 'live.only' as const, run },
      { word: 'Exclude', action: 'live.without' as const, run: vi.fn() },
    ]
    const { getAllByRole } = render(ContextMenu, { label: 'What to do with ssid', items, x: 10, y: 10, onclose })
    const [first, second] = getAllByRole('menuitem')
    expect(document.activeElement).toBe(first)
    await fireEvent.keyDown(first!, { key: 'ArrowDown' })
    expect(document.activeElement).toBe(second)
    await fireEvent.keyDown(second!, { key: 'Escape' })
    expect([onclose.mock.calls.length > 0, run.mock.calls.length]).toEqual([true, 0])
    await fireEvent.click(first!)
    expect(run).toHaveBeenCalledOnce()
  })
})
