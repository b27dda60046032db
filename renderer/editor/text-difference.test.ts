import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatches } from '../state/history.ts'
import { textDifference } from './text-difference.ts'

const text = fc
  .array(fc.constantFrom('a', 'b', 'c: 1', '  d', '', '# note', 'ü€😀'), { maxLength: 30 })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)))

describe('textDifference', () => {
  it('turns any text into any other, with ordered edits that do not overlap', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), fc.oneof(text, fc.string()), (before, after) => {
        const edits = textDifference(before, after)
        expect(applyPatches(before, edits)).toBe(after)
        let end = -1
        for (const edit of edits) {
          expect(edit.start).toBeGreaterThan(end)
          expect(edit.end).toBeGreaterThanOrEqual(edit.start)
          expect(edit.start < edit.end || edit.text !== '').toBe(true)
          end = edit.end
        }
      }),
      { numRuns: 500 },
    )
  })

  it('touches only the places that changed', () => {
    const before = 'tasks:\n  one:\n    run: a\n  two:\n    needs: [one]\ncanvas:\n  one: [0, 0]\n'
    const after = before.replaceAll('one', 'uno')
    expect(textDifference(before, after)).toEqual([
      { start: before.indexOf('one'), end: before.indexOf('one') + 3, text: 'uno' },
      { start: before.indexOf('[one') + 1, end: before.indexOf('[one') + 4, text: 'uno' },
      { start: before.lastIndexOf('one'), end: before.lastIndexOf('one') + 3, text: 'uno' },
    ])
  })

  it('inserts a line without replacing its neighbours', () => {
    expect(textDifference('a\nb\nc\n', 'a\nb\nx\nc\n')).toEqual([{ start: 4, end: 4, text: 'x\n' }])
  })

  it('still answers when nothing is alike', () => {
    const before = Array.from({ length: 3000 }, (_, index) => `old ${index}`).join('\n')
    const after = Array.from({ length: 3000 }, (_, index) => `new ${index}`).join('\n')
    expect(applyPatches(before, textDifference(before, after))).toBe(after)
  })
})
