import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  delete (navigator as { language?: string }).language
  vi.resetModules()
})

it('is a tag that Intl takes, also where the system has none', async () => {
  Object.defineProperty(navigator, 'language', { value: 'C', configurable: true })
  expect(() => new Intl.NumberFormat(navigator.language)).toThrow()
  await import('./language')
  expect(() => new Intl.NumberFormat(navigator.language)).not.toThrow()
})

it('stays what it is where there is one', async () => {
  Object.defineProperty(navigator, 'language', { value: 'de-AT', configurable: true })
  await import('./language')
  expect(navigator.language).toBe('de-AT')
})
