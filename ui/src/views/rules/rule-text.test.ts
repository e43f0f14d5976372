import { describe, expect, it } from 'vitest'
import { docOf, freeName, nameProblem, severityOf, textConstant } from './rule-text'

const text = '\uFEFF//! Rogue on the wire\n//!\n//! Somebody else\'s access point\n//! is on our LAN.\n//!\n//! Unplug it.\n\nconst SEVERITY = "critical";\nconst REMIND = "1h";\n'

describe('what a rule says of itself', () => {
  it('has a title and paragraphs', () => {
    expect(docOf(text)).toEqual({
      title: 'Rogue on the wire',
      doc: "Somebody else's access point is on our LAN.\n\nUnplug it.",
    })
    expect(docOf('const ON = 1;\n//! late')).toEqual({ title: '', doc: '' })
  })

  it('has constants', () => {
    expect(severityOf(text)).toBe('critical')
    expect(severityOf('')).toBe('warning')
    expect(textConstant(text, 'REMIND')).toBe('1h')
    expect(textConstant(text, 'HOLD')).toBeNull()
  })
})

describe('names', () => {
  it('says why one will not do', () => {
    expect(nameProblem('security/rogue-2', [])).toBe('')
    expect(nameProblem('', [])).toMatch(/folder/)
    expect(nameProblem('rogue', [])).toMatch(/folder/)
    for (const bad of ['../etc/passwd', 'security/', '/x/y', 'a/B', 'a//b', 'a/b.rhai', 'a/ b']) {
      expect(nameProblem(bad, []), bad).not.toBe('')
    }
    expect(nameProblem('a/b', ['a/b'])).toMatch(/already/)
  })

  it('finds a free one', () => {
    expect(freeName('a/b', ['a/b', 'a/b-2'])).toBe('a/b-3')
  })
})
