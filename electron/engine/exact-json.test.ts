import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExactly } from './exact-json.ts'

test('whole numbers that a double cannot hold become text', () => {
  expect(
    parseExactly(
      '[12345678901234567890, -9007199254740993, 9007199254740991, 1e30, 12345678901234567000, 0.1234567890123456789]',
    ),
  ).toEqual([
    '12345678901234567890',
    '-9007199254740993',
    9007199254740991,
    1e30,
    12345678901234567000,
    0.12345678901234568,
  ])
  expect(Object.entries(parseExactly('{"__proto__": 12345678901234567890}') as object)).toEqual([
    ['__proto__', '12345678901234567890'],
  ])
  expect(() => parseExactly('{"a":')).toThrow(SyntaxError)
})

test('what JSON.stringify writes is read as it was', () => {
  const json = fc.json({ maxDepth: 3 }).map((text) => `[1234567890123456, ${text}]`)
  fc.assert(
    fc.property(json, (text) => {
      expect(parseExactly(text)).toEqual(JSON.parse(text))
    }),
  )
})
