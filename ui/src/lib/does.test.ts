import { fireEvent, render, screen } from '@testing-library/svelte'
import { createRawSnippet, tick } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { listen, offered } from '../keys/dispatch.svelte'
import { en } from '../text/en'
import Button from './Button.svelte'
import Dialog from './Dialog.svelte'
import { tip } from './tip.svelte'
import TipLayer from './TipLayer.svelte'

let stop: () => void
let covered = false
beforeEach(() => {
  covered = false
  stop = listen(
    () => 'rules',
    () => covered,
  )
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})
const words = createRawSnippet(() => ({ render: () => '<span>Keep mine</span>' }))
const press = (): Promise<boolean> => fireEvent.keyDown(document.body, { key: 'm', altKey: true })

it('a button tells its action and key, to the eye and to the ear', async () => {
  vi.useFakeTimers()
  render(TipLayer)
  render(Button, { action: 'rules.save', children: words })
  const button = screen.getByRole('button')
  expect(button.getAttribute('aria-keyshortcuts')).toBe('Control+S')
  await fireEvent.pointerEnter(button)
  vi.advanceTimersByTime(400)
  await tick()
  const tip = screen.getByRole('tooltip')
  expect(tip.textContent).toContain(en.actions['rules.save'])
  expect([...tip.querySelectorAll('kbd')].map((cap) => cap.textContent?.trim())).toEqual(['Ctrl', 'S'])
})

it('a tooltip stays while another element goes', async () => {
  vi.useFakeTimers()
  render(TipLayer)
  const { unmount } = render(Button, { action: 'rules.new', children: words })
  render(Button, { action: 'rules.save', children: words })
  await fireEvent.pointerEnter(screen.getAllByRole('button')[1]!)
  vi.advanceTimersByTime(400)
  await tick()
  unmount()
  await tick()
  expect(screen.getByRole('tooltip').textContent).toContain(en.actions['rules.save'])
})

it('what is cut tells the whole, unless it tells something already', async () => {
  vi.useFakeTimers()
  render(TipLayer)
  const cut = document.body.appendChild(document.createElement('span'))
  cut.className = 'cut'
  cut.textContent = 'a very long name'
  const over = async (): Promise<void> => {
    await fireEvent.pointerOver(document.body)
    await fireEvent.pointerOver(cut)
    vi.advanceTimersByTime(400)
    await tick()
  }
  await over()
  expect(screen.queryByRole('tooltip')).toBeNull()
  Object.defineProperty(cut, 'scrollWidth', { value: 300 })
  await over()
  expect(screen.getByRole('tooltip').textContent.trim()).toBe('a very long name')
  await fireEvent.pointerOver(document.body)
  expect(screen.queryByRole('tooltip')).toBeNull()
  const stop = tip('its own')(cut)
  await over()
  expect(screen.queryByRole('tooltip')).toBeNull()
  stop?.()
  cut.remove()
})

it('a button that offers its action is pressed by its key, while it can be pressed', async () => {
  const onclick = vi.fn()
  const { rerender, unmount } = render(Button, { offers: 'rules.mine', onclick, children: words })
  await press()
  expect(onclick).toHaveBeenCalledTimes(1)
  expect(offered()).toContain('rules.mine')
  await rerender({ disabled: true })
  await press()
  await rerender({ disabled: false })
  covered = true
  await press()
  expect(onclick).toHaveBeenCalledTimes(1)
  unmount()
  covered = false
  await press()
  expect(onclick).toHaveBeenCalledTimes(1)
  expect(offered()).not.toContain('rules.mine')
})

it('what a dialog offers is reached though the view is covered', async () => {
  const onclick = vi.fn()
  const dialog = document.body.appendChild(document.createElement('dialog'))
  render(Button, { target: dialog, props: { offers: 'rules.mine', onclick, children: words } })
  covered = true
  await press()
  expect(onclick).toHaveBeenCalledTimes(1)
  dialog.remove()
})

it('a dialog tells the key that leaves it', () => {
  const footer = createRawSnippet(() => ({ render: () => '<span></span>' }))
  render(Dialog, { title: 'A question', onclose: vi.fn(), children: footer, footer })
  expect(screen.getByRole('button', { name: en.close, hidden: true }).getAttribute('aria-keyshortcuts')).toBe('Escape')
})
