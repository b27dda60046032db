import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineDifference } from '#shared/model/line-difference.ts'
import { sideBySide } from './sideBySide.ts'

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))

test('each side read down is that side of the difference, in order', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDifference(before, after)
      const pairs = sideBySide(lines)
      expect(pairs.flatMap((pair) => pair.before ?? [])).toEqual(lines.filter(({ sign }) => sign !== 'added'))
      expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(lines.filter(({ sign }) => sign !== 'removed'))
      expect(pairs.every((pair) => pair.before !== null || pair.after !== null)).toBe(true)
    }),
  )
})
