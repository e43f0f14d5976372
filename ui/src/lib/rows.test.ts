import { fireEvent, render, screen } from '@testing-library/svelte'
import { createRawSnippet } from 'svelte'
import { expect, it } from 'vitest'

import Rows from './Rows.svelte'

const row = createRawSnippet<[number]>((index) => ({ render: () => `<div role="option" id="row-${index()}">${index()}</div>` }))
const props = { count: 200, height: 1.5, label: 'Events', active: 'row-100', row }

it('the chosen row is named only while it is drawn', async () => {
  const { rerender } = render(Rows, { ...props, activeAt: 100 })
  const list = screen.getByRole('listbox')
  expect(document.getElementById('row-100')).toBeNull()
  expect(list.getAttribute('aria-activedescendant')).toBeNull()
  // Nothing is laid out here: it must not take itself for scrolled to its end.
  Object.defineProperty(list, 'scrollHeight', { value: 200 * 24 })
  list.scrollTop = 100 * 24
  await fireEvent.scroll(list)
  expect(document.getElementById('row-100')).not.toBeNull()
  expect(list.getAttribute('aria-activedescendant')).toBe('row-100')
  // It left the list: what was dropped is nowhere.
  await rerender({ ...props, activeAt: -1 })
  expect(list.getAttribute('aria-activedescendant')).toBeNull()
})
