import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '#shared/model/pipeline.ts'
import { admitOutputs, parseOutputs } from './outputs.ts'

test('the four forms, the last of a key counts, blank lines and CRLF', () => {
  const parsed = parseOutputs(
    'a=text with = and spaces \n\nn:=42\nlist:=[1, "x"]\nlong<<EOF\none\n\ntwo\nEOF\r\njson:<<END\n{"a":\n1}\nEND\nn:=43\nempty=\n',
  )
  expect(parsed).toEqual({
    ok: true,
    outputs: { a: 'text with = and spaces ', n: 43, list: [1, 'x'], long: 'one\n\ntwo', json: { a: 1 }, empty: '' },
  })
})

test.each([
  ['no sign here', 1],
  ['ok=1\nn:={', 2],
  ['x<<EOF\nnever ended', 1],
  ['x<<\n', 1],
  ['=no key', 1],
  ['1a=starts with a digit', 1],
])('%j is refused with its line', (text, line) => {
  const parsed = parseOutputs(text)
  expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(`line ${line} `) })
})

test('many long values are read in one pass', () => {
  const parsed = parseOutputs('k<<E\nE\n'.repeat(130_000))
  expect(parsed).toEqual({ ok: true, outputs: { k: '' } })
})

test('keys of the prototype are keys like any other', () => {
  const parsed = parseOutputs('__proto__:=1\nconstructor=x\n')
  expect(parsed.ok && Object.entries(parsed.outputs)).toEqual([
    ['__proto__', 1],
    ['constructor', 'x'],
  ])
})

test('whatever is written in either form comes back', () => {
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,10}$/)
  const text = fc.string({ unit: fc.constantFrom('a', '=', ':', '<', '"', 'é', ' ', '\n'), maxLength: 20 })
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.oneof(text, fc.jsonValue()), fc.boolean()), { maxLength: 8 }), (entries) => {
      let file = ''
      const expected = new Map<string, Json>()
      for (const [name, value, heredoc] of entries) {
        const plain = typeof value === 'string'
        expected.set(name, JSON.parse(JSON.stringify(value)) as Json)
        if (!plain)
          file += heredoc
            ? `${name}:<<E\n${JSON.stringify(value, null, 1)}\nE\n`
            : `${name}:=${JSON.stringify(value)}\n`
        else file += heredoc || value.includes('\n') ? `${name}<<E_N_D\n${value}\nE_N_D\n` : `${name}=${value}\n`
      }
      const parsed = parseOutputs(file)
      expect(parsed.ok && new Map(Object.entries(parsed.outputs))).toEqual(expected)
    }),
  )
})

test('any text at all is either outputs or a message', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '=', ':', '<', 'E', '\n', '\r', '{', ' ') }), (text) => {
      const parsed = parseOutputs(text)
      expect(parsed.ok || parsed.message.startsWith('line ')).toBe(true)
    }),
  )
})

test('admission masks secrets in values and keys, and counts bytes', () => {
  expect(admitOutputs({ a: ['x hush y', { hush: 1 }] }, ['hush'])).toEqual({
    ok: true,
    outputs: { a: ['x *** y', { '***': 1 }] },
  })
  expect(admitOutputs({ a: 'é'.repeat(600_000) }, []).ok).toBe(false)
})

test('a whole number too large for a double stays what it is, as a text', () => {
  expect(parseOutputs('id:=12345678901234567890\n')).toEqual({ ok: true, outputs: { id: '12345678901234567890' } })
})

test('a carriage return within a long value is kept, unless all lines end so', () => {
  expect(parseOutputs('v<<EOF\na\r\nb\r\nEOF\n')).toEqual({ ok: true, outputs: { v: 'a\r\nb\r' } })
  expect(parseOutputs('v<<EOF\r\na\r\nb\r\nEOF\r\nw=x\r\n')).toEqual({ ok: true, outputs: { v: 'a\nb', w: 'x' } })
})
