import { expect, it, vi } from 'vitest'

import { useDoor, type Came, type ClauseExplained, type EventRow, type Explained, type RuleRow, type Told } from '../../host'
import { arranged, Asking, heldOf, listens, stoppedAt } from './asking.svelte'

const event: EventRow = { id: '7.0', topic: 'security', kind: 'security.wids', time: 1, received: 2, summary: '', alert: null }

const rule = (name: string, on: string, enabled = true): RuleRow => ({
  name,
  title: name,
  severity: 'warning',
  on: [on],
  enabled,
  state: enabled ? 'running' : 'off',
  paused_until: null,
  learns_until: null,
  note: '',
  errors: 0,
  warnings: 0,
  firing: 0,
  hits: [],
  last_hit: null,
  useful: 0,
  noise: 0,
})

const clause = (text: string, told: Told): ClauseExplained => ({
  text,
  span: { line: 1, column: 1, end_line: 1, end_column: 2 },
  joint: 'and',
  depth: 0,
  opens: '',
  closes: 0,
  told,
  why: '',
  parts: [],
})

const explained = (rule: string, came: Came, told: readonly Told[]): Explained => ({
  rule,
  about: rule,
  event: event.id,
  kind: event.kind,
  received: '',
  came,
  why: '',
  conditions: [{ function: 'when', told: 'false', clauses: told.map((one, i) => clause(`c${i}`, one)) }],
  key: null,
  title: null,
  body: null,
  lifecycle: [],
})

it('knows which rules listen, by kind and by topic', () => {
  expect(listens(rule('a', 'security'), event)).toBe(true)
  expect(listens(rule('a', 'security.wids'), event)).toBe(true)
  expect(listens(rule('a', 'security.rogue'), event)).toBe(false)
})

it('names the clause that stopped it', () => {
  const told = explained('a', 'not-matched', ['true', 'false', 'not-reached'])
  expect(heldOf(told)).toEqual({ held: 1, all: 3 })
  expect(stoppedAt(told)?.text).toBe('c1')
  expect(stoppedAt(explained('a', 'matched', ['true']))).toBeUndefined()
})

it('puts what matches first, then what cannot tell, then the closest', () => {
  const of = (name: string, came: Came, told: readonly Told[]) => ({ rule: rule(name, 'security'), told: explained(name, came, told), failed: '' })
  const shown = arranged([
    of('far', 'not-matched', ['false', 'not-reached']),
    of('near', 'not-matched', ['true', 'true', 'false']),
    of('unknown', 'cannot-tell', ['cannot-tell']),
    of('yes', 'matched', ['true']),
  ])
  expect(shown.map((one) => one.rule.name)).toEqual(['yes', 'unknown', 'near', 'far'])
})

it('asks the rules that run, counts the others, and tries one that is off with its text', async () => {
  const asked: [string, string | null][] = []
  useDoor({
    async call(request) {
      if (request.type === 'rules')
        return { type: 'rules', value: [rule('near', 'security'), rule('yes', 'security.wids'), rule('off', 'security', false), rule('other', 'audit')] }
      if (request.type === 'rule')
        return { type: 'rule', value: { row: rule('off', 'security', false), text: 'its text', hash: '', doc: '', findings: [], cases: '', cases_hash: '' } }
      if (request.type !== 'explain') throw new Error(request.type)
      asked.push([request.rule, request.text])
      const matched = request.rule !== 'near'
      return { type: 'explanation', value: explained(request.rule, matched ? 'matched' : 'not-matched', [matched ? 'true' : 'false']) }
    },
    subscribe: vi.fn(async () => undefined),
  })
  const asking = new Asking()
  await asking.about(event)
  expect(asked).toEqual([
    ['near', null],
    ['yes', null],
  ])
  expect(asking.answers.map((one) => one.rule.name)).toEqual(['yes', 'near'])
  expect([asking.open, asking.others, asking.done]).toEqual(['yes', 1, true])
  expect(asking.off.map((one) => one.told)).toEqual([null])
  await asking.tryOff(rule('off', 'security', false), event)
  expect(asked.at(-1)).toEqual(['off', 'its text'])
  expect(asking.off[0]?.told?.came).toBe('matched')
  expect(asking.open).toBe('off')
})
