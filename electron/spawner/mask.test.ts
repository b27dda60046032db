import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMasker, maskText } from './mask.ts'

/** Marks every byte that belongs to any occurrence, joining occurrences that share a byte. */
function oracle(text: string, secrets: readonly string[]): string {
  const spans: { start: number; end: number }[] = []
  for (let at = 0; at < text.length; at += 1) {
    for (const secret of secrets) {
      if (secret !== '' && text.startsWith(secret, at)) spans.push({ start: at, end: at + secret.length })
    }
  }
  let out = ''
  let at = 0
  while (at < text.length) {
    const opening = spans.find((span) => span.start === at)
    if (opening === undefined) {
      out += text[at]
      at += 1
      continue
    }
    let end = at
    for (let grown = true; grown; ) {
      grown = false
      for (const span of spans) {
        if (span.start >= at && (span.start < end || span.start === at) && span.end > end) {
          end = span.end
          grown = true
        }
      }
    }
    out += '***'
    at = end
  }
  return out
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 })

test('any cut into chunks masks as the whole text would be masked', () => {
  fc.assert(
    fc.property(
      letters,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }), { maxLength: 4 }),
      fc.array(fc.nat({ max: 7 }), { maxLength: 40 }),
      (text, secrets, sizes) => {
        const masker = createMasker(secrets)
        const bytes = Buffer.from(text)
        const out: Buffer[] = []
        let at = 0
        for (const size of sizes) {
          out.push(Buffer.from(masker.push(bytes.subarray(at, at + size))))
          at = Math.min(bytes.length, at + size)
        }
        out.push(Buffer.from(masker.push(bytes.subarray(at))), masker.end())
        expect(Buffer.concat(out).toString()).toBe(oracle(text, secrets))
      },
    ),
    { numRuns: 2000 },
  )
})

test('a secret split byte by byte never shows', () => {
  const masker = createMasker(['pässword'])
  let out = ''
  for (const byte of Buffer.from('user pässword end')) out += masker.push(Buffer.from([byte])).toString('latin1')
  out += masker.end().toString('latin1')
  expect(out).toBe('user *** end')
})

test('what only begins like a secret comes out in the end', () => {
  const masker = createMasker(['secret'])
  const first = masker.push(Buffer.from('a sec')).toString()
  expect(first).toBe('a ')
  expect(first + masker.end().toString()).toBe('a sec')
})

test('no secrets, empty secrets', () => {
  expect(maskText('text', [])).toBe('text')
  expect(maskText('text', [''])).toBe('text')
})
