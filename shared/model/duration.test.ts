import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration, parseSize } from './duration.ts'

describe('durations', () => {
  it.each<[string, number | undefined]>([
    ['10m', 600e6],
    ['1h30m', 5400e6],
    ['1.5s', 1.5e6],
    ['250ms', 250e3],
    ['7us', 7],
    ['1m5ms', 60_005_000],
    ['2w', 14 * 86_400e6],
    ['0s', 0],
    ['', undefined],
    ['5', undefined],
    ['m', undefined],
    ['5 m', undefined],
    ['-5s', undefined],
    ['30m1h', undefined],
    ['999999999999w', undefined],
  ])('%s', (text, micros) => expect(parseDuration(text)).toBe(micros))

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 }), (micros) => {
        expect(parseDuration(formatDuration(micros))).toBe(micros)
      }),
    )
  })

  it.each<[string, number | undefined]>([
    ['5GB', 5e9],
    ['512 MiB', 512 * 2 ** 20],
    ['10B', 10],
    ['5', undefined],
    ['GB', undefined],
  ])('size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))
})
