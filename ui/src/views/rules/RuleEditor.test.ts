import { undo } from '@codemirror/commands'
import { EditorView } from '@codemirror/view'
import { render } from '@testing-library/svelte'
import { tick } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import type { Diagnostic } from '../../host'
import RuleEditor from './RuleEditor.svelte'
import { NO_WORDS } from './words'

function open(change: Record<string, unknown> = {}) {
  const onchange = vi.fn()
  const props = {
    name: 'security/a', text: 'one\ntwo\n', saved: 'one\ntwo\n', findings: [] as Diagnostic[], words: NO_WORDS, left: new Map(),
    onchange, onsave: vi.fn(), onplace: vi.fn(), ...change,
  }
  const shown = render(RuleEditor, props)
  const view = () => {
    const found = EditorView.findFromDOM(shown.container.querySelector<HTMLElement>('.cm-editor')!)
    if (!found) throw new Error('no editor')
    return found
  }
  const set = async (more: Record<string, unknown>) => {
    Object.assign(props, more)
    await shown.rerender(props)
    await tick()
  }
  return { ...shown, view, set, onchange, props }
}

const finding: Diagnostic = {
  code: 'x', severity: 'error', message: '<img src=x onerror=alert(1)> is no field.', help: 'Write <b>ssid</b>.',
  span: { line: 2, column: 1, end_line: 2, end_column: 4 },
}

describe('the editor', () => {
  it('tells what is typed, and not what came from outside', async () => {
    const { view, set, onchange } = open()
    view().dispatch({ changes: { from: 0, insert: 'x' } })
    expect(onchange).toHaveBeenLastCalledWith('xone\ntwo\n')
    await set({ text: 'reverted' })
    expect(view().state.doc.toString()).toBe('reverted')
    expect(onchange).toHaveBeenCalledTimes(1)
  })

  it('can undo what came from outside', async () => {
    const { view, set, onchange } = open()
    await set({ text: 'reverted' })
    undo(view())
    expect(view().state.doc.toString()).toBe('one\ntwo\n')
    expect(onchange).toHaveBeenLastCalledWith('one\ntwo\n')
  })

  it('keeps each rule’s history and caret', async () => {
    const { view, set } = open()
    view().dispatch({ changes: { from: 0, insert: 'x' }, selection: { anchor: 3 } })
    await set({ name: 'security/b', text: 'other', saved: 'other' })
    expect(view().state.doc.toString()).toBe('other')
    await set({ name: 'security/a', text: 'xone\ntwo\n', saved: 'one\ntwo\n' })
    expect(view().state.selection.main.head).toBe(3)
    undo(view())
    expect(view().state.doc.toString()).toBe('one\ntwo\n')
  })

  it('opens the finding below its line, as text', async () => {
    const { container, set } = open()
    await set({ findings: [finding] })
    const block = container.querySelector('.cm-finding')
    expect(block?.textContent).toContain('<img src=x onerror=alert(1)> is no field.')
    expect(block?.querySelector('img, b')).toBeNull()
    await set({ findings: [] })
    expect(container.querySelector('.cm-finding')).toBeNull()
  })

  it('marks the lines that differ from the disk', async () => {
    const { container, view } = open()
    expect(container.querySelectorAll('.cm-changed')).toHaveLength(0)
    view().dispatch({ changes: { from: 5, insert: 'x' } })
    await tick()
    expect(container.querySelectorAll('.cm-changed').length).toBeGreaterThan(0)
  })
})
