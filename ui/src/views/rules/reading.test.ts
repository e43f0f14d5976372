import { expect, it } from 'vitest'

import { linesReading } from './reading'

it('tells which lines read a field', () => {
  const text = [
    '//! About event.ssid',
    'fn when(event) {',
    '    event.level == "event.port" && event.level != "low" // event.mac',
    '        && event.ssid.contains("x") && count("5m", event.device_id) >= 3',
    '}',
    'fn key(e) { e.device_id }',
    'fn title(event) { `Near ${event.ssid}` }',
  ].join('\n')
  expect(Object.fromEntries(linesReading(text))).toEqual({ level: [3], ssid: [4, 7], device_id: [4, 6] })
})
it('is nothing of nothing', () => {
  expect(linesReading('').size).toBe(0)
})
