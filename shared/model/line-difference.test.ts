import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DifferenceLine, lineDifference } from './line-difference.ts'

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 })

/** One side of a difference whose context is so wide that nothing is left out. */
function side(difference: readonly DifferenceLine[], left: DifferenceLine['sign']): string[] {
  return difference.filter(({ sign }) => sign !== left).map(({ text }) => text)
}

describe('lineDifference', () => {
  it('holds both texts, line by line', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const difference = lineDifference(`${before.join('\n')}\n`, `${after.join('\n')}\n`, 99)
        const [old, current] = [before, after].map((list) => (list.length === 0 ? [''] : list))
        if (difference.length === 0) expect(old).toEqual(current)
        else {
          expect(side(difference, 'added')).toEqual(old)
          expect(side(difference, 'removed')).toEqual(current)
        }
      }),
    )
  })

  it('leaves out what lies far from a change, and says how much', () => {
    const before = Array.from({ length: 20 }, (_, at) => `line ${at}`)
    const after = before.with(10, 'other')
    expect(lineDifference(before.join('\n'), after.join('\n'))).toEqual([
      { sign: 'skip', text: '8' },
      { sign: 'same', text: 'line 8' },
      { sign: 'same', text: 'line 9' },
      { sign: 'removed', text: 'line 10' },
      { sign: 'added', text: 'other' },
      { sign: 'same', text: 'line 11' },
      { sign: 'same', text: 'line 12' },
      { sign: 'skip', text: '7' },
    ])
  })

  it('is empty for equal texts and for other line ends', () => {
    expect(lineDifference('a\nb', 'a\nb')).toEqual([])
    expect(lineDifference('a\r\nb\r\n', 'a\nb\n')).toEqual([])
  })
})
