import { beforeEach, describe, expect, it, vi } from 'vitest'

import { useDoor, type EventRow, type FieldRow, type Push, type Request, type Response } from '../../host'
import { Meter, Tail } from './buffer'
import { Feed } from './feed.svelte'
import { canNarrow, narrowed } from './narrow'

const event = (n: number): EventRow => ({
  id: `${n}.0`,
  topic: 'presence',
  kind: 'presence.rssi',
  time: n,
  received: n,
  summary: '',
  alert: null,
})
const events = (from: number, count: number): EventRow[] => Array.from({ length: count }, (_, i) => event(from + i))
const ids = (tail: { length: number; at(i: number): EventRow | undefined }): string[] =>
  Array.from({ length: tail.length }, (_, i) => tail.at(i)?.id ?? '?')

describe('the tail', () => {
  it('keeps the latest and counts what it drops', () => {
    const tail = new Tail(3)
    expect(tail.push(events(0, 2))).toBe(0)
    expect(tail.push(events(2, 3))).toBe(2)
    expect(ids(tail)).toEqual(['2.0', '3.0', '4.0'])
    expect(tail.dropped).toBe(2)
    expect(tail.find('3.0')).toBe(1)
    expect(tail.find('1.0')).toBe(-1)
    expect(tail.at(-1)).toBeUndefined()
    expect(tail.at(3)).toBeUndefined()
  })
  it('takes a batch larger than itself', () => {
    const tail = new Tail(3)
    tail.push(events(0, 1))
    expect(tail.push(events(1, 10))).toBe(8)
    expect(ids(tail)).toEqual(['8.0', '9.0', '10.0'])
  })
  it('stays right over many turns', () => {
    const tail = new Tail(50)
    let pushed = 0
    for (const size of [7, 49, 50, 51, 1, 120, 3, 200, 49]) {
      tail.push(events(pushed, size))
      pushed += size
      const expected = events(Math.max(0, pushed - 50), Math.min(50, pushed)).map((one) => one.id)
      expect(ids(tail)).toEqual(expected)
      expect(tail.dropped + tail.length).toBe(pushed)
    }
    expect(tail.drain()).toHaveLength(50)
    expect(tail.length).toBe(0)
  })
  it('takes 5,000 events a second for a minute in much less than a minute', () => {
    const tail = new Tail(5_000)
    const begin = performance.now()
    for (let i = 0; i < 600; i++) tail.push(events(i * 500, 500))
    expect(tail.length).toBe(5_000)
    expect(performance.now() - begin).toBeLessThan(5_000)
  })
})

it('tells a rate over full seconds', () => {
  const meter = new Meter(60)
  for (let s = 0; s < 10; s++) meter.add(40, 1_000_000 + s * 1000 + 5)
  meter.add(7, 1_010_100)
  expect(meter.rate(1_010_200, 10)).toBe(40)
  expect(meter.bins(1_010_200, 6)).toEqual([0, 0, 0, 0, 0, 400])
  meter.add(1, 1_200_000)
  expect(meter.rate(1_010_200, 10)).toBe(0)
})

describe('the feed', () => {
  let push: (pushes: Push[]) => void
  let asked: Request[]
  let frames: (() => void)[]
  let feed: Feed
  const answer = vi.fn<(request: Request) => Response>()

  beforeEach(async () => {
    asked = []
    frames = []
    answer.mockReturnValue({ type: 'live', value: { events: events(0, 3), not_drawn: 0 } })
    useDoor({
      async call(request) {
        asked.push(request)
        return request.type === 'unfollow' ? { type: 'done' } : answer(request)
      },
      async subscribe(take) {
        push = take
      },
    })
    push = (pushes) => pushes.forEach((one) => one.type === 'live' && feed.take(one.value))
    feed = new Feed(10, (draw) => {
      frames.push(draw)
      return () => undefined
    })
    await feed.follow('')
  })
  const frame = (): void => frames.splice(0).forEach((draw) => draw())
  const live = (from: number, count: number, not_drawn = 0): void =>
    push([{ type: 'live', value: { events: events(from, count), not_drawn } }])

  it('begins with the latest, and draws once a frame however many batches came', () => {
    expect(feed.count).toBe(3)
    const before = feed.drawn
    live(3, 2)
    live(5, 2)
    live(7, 1)
    expect(feed.count).toBe(3)
    expect(frames).toHaveLength(1)
    frame()
    expect(feed.count).toBe(8)
    expect(feed.drawn).toBe(before + 1)
  })
  it('numbers its first row, so that the list can stay where it is', () => {
    live(3, 12)
    frame()
    expect(feed.count).toBe(10)
    expect(feed.first).toBe(5)
    expect(feed.at(9)?.id).toBe('14.0')
  })
  it('counts what waits while paused, and shows it afterwards', () => {
    feed.pause(5)
    live(3, 4)
    frame()
    expect(feed.count).toBe(3)
    expect(feed.waits).toBe(4)
    feed.resume()
    expect(feed.count).toBe(7)
    expect(feed.waits).toBe(0)
    expect(feed.paused).toBeNull()
  })
  it('counts what it cannot show as not drawn: by the engine, and what waits beyond its room', () => {
    live(3, 1, 40)
    frame()
    expect(feed.notDrawn).toBe(40)
    feed.pause(5)
    live(10, 13)
    frame()
    expect(feed.waits).toBe(13)
    expect(feed.notDrawn).toBe(43)
  })
  it('holds what comes while the reader is elsewhere, so that the list stays still', () => {
    feed.hold(true)
    live(3, 4)
    frame()
    expect(feed.count).toBe(3)
    expect(feed.waits).toBe(4)
    feed.pause(5)
    feed.hold(false)
    expect(feed.count).toBe(3)
    feed.resume()
    expect(feed.count).toBe(7)
    expect(feed.waits).toBe(0)
  })
  it('fetches what was not drawn where it is looked at, and the rows below it keep their numbers', async () => {
    live(10, 2, 5)
    frame()
    expect(feed.leftOutBefore('10.0')).toBe(5)
    const number = feed.first + feed.find('10.0')
    answer.mockReturnValue({ type: 'events', value: events(7, 3).toReversed() })
    await feed.fill(0, 3)
    expect(feed.count, 'nothing was left out before the first three').toBe(5)
    await feed.fill(0, 5)
    expect(asked.at(-1)).toEqual({ type: 'events', on: [], filter: '', before: '10.0', limit: 5 })
    expect(Array.from({ length: feed.count }, (_, i) => feed.at(i)?.id)).toEqual(['0', '1', '2', '7', '8', '9', '10', '11'].map((n) => `${n}.0`))
    expect(feed.first + feed.find('10.0')).toBe(number)
    expect(feed.notDrawn).toBe(2)
    expect([feed.leftOutBefore('10.0'), feed.leftOutBefore('7.0')]).toEqual([0, 2])
  })
  it('starts over with another filter, and keeps the old when the new is refused', async () => {
    answer.mockReturnValue({ type: 'live', value: { events: events(90, 1), not_drawn: 0 } })
    await feed.follow('level == "high"')
    expect(asked.at(-1)).toEqual({ type: 'follow', filter: 'level == "high"' })
    expect(feed.count).toBe(1)
    expect(feed.filter).toBe('level == "high"')
    answer.mockImplementation(() => {
      throw { code: 'filter', message: 'No field "levl".', help: 'Did you mean level?' }
    })
    await feed.follow('levl == "high"')
    expect(feed.filter).toBe('level == "high"')
    expect(feed.count).toBe(1)
    expect(feed.failed?.sentence).toBe('No field "levl". Did you mean level?')
  })
})

it('narrows a filter by a field', () => {
  const field = (value: string, absent = false): FieldRow => ({ name: 'level', ty: 'text', value, absent, note: '', bytes: null })
  expect(narrowed('', field('"high"'), true)).toBe('level == "high"')
  expect(narrowed('eduroam', field('"high"'), false)).toBe('eduroam and level != "high"')
  expect(narrowed('a or b', field('5'), true)).toBe('(a or b) and level == 5')
  expect(narrowed('', field(String.raw`"a \"b\" \\ \u202e"`), true)).toBe('level == "a \\"b\\" \\\\ \u202e"')
  expect(canNarrow(field('()', true))).toBe(false)
  expect(canNarrow(field('[1,2]'))).toBe(false)
  expect(canNarrow(field('-5'))).toBe(true)
  expect(canNarrow(field('true'))).toBe(true)
})
