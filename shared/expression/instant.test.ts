import { expect, test } from 'vitest'
import { instantOf } from './instant.ts'

test.each([
  ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  [' 2026-11-21T06:00Z ', '2026-11-21T06:00:00.000Z'],
  ['2026-11-21 06:00:01.5+02:00', '2026-11-21T04:00:01.500Z'],
  ['2024-02-29t00:00z', '2024-02-29T00:00:00.000Z'],
])('%s', (text, iso) => {
  expect(new Date(instantOf(text)!).toISOString()).toBe(iso)
})

test.each([
  '',
  '1',
  'someday 5',
  '2026',
  '2026-11',
  '2026-02-30',
  '2025-02-29',
  '2026-13-01',
  '2026-00-10',
  '2026-11-21T25:00Z',
  '21.11.2026',
  '11/21/2026',
  'now',
])('"%s" is no date', (text) => {
  expect(instantOf(text)).toBe(null)
})
