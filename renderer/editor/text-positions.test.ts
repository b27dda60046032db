import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatches } from '../state/history.ts'
import { editorText, patchesOf, TextPositions } from './text-positions.ts'

const mixed = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.constantFrom('a', 'bc', 'ü', '😀', '\n', '\r\n', '\r', ' '), { maxLength: 30 }),
  )
  .map(([mark, parts]) => mark + parts.join(''))

/** The editor's own idea of a position: lines of its text. */
function editorPosition(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n')
  return { lineNumber: before.length, column: (before.at(-1) ?? '').length + 1 }
}

describe('TextPositions', () => {
  it('agrees with the editor on every position, whatever the line ends', () => {
    fc.assert(
      fc.property(mixed, fc.nat(), (text, pick) => {
        const shown = editorText(text)
        const offset = pick % (shown.length + 1)
        const position = editorPosition(shown, offset)
        const positions = new TextPositions(text)
        const at = positions.offsetAt(position)
        expect(positions.positionAt(at)).toEqual(position)
        expect(editorText(text.slice(0, at))).toBe(shown.slice(0, offset))
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps every other character when a line is edited in the editor', () => {
    fc.assert(
      // A lone \r (no system has written it for decades) could end up before a \n and become one line end with it.
      fc.property(
        mixed.map((text) => text.replace(/\r(?!\n)/g, '')),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('', 'x', 'y z'),
        (text, first, second, inserted) => {
          const shown = editorText(text)
          const [from, to] = [first % (shown.length + 1), second % (shown.length + 1)].sort((a, b) => a - b) as [
            number,
            number,
          ]
          const start = editorPosition(shown, from)
          const end = editorPosition(shown, to)
          const edits = patchesOf(text, [
            {
              range: {
                startLineNumber: start.lineNumber,
                startColumn: start.column,
                endLineNumber: end.lineNumber,
                endColumn: end.column,
              },
              text: inserted,
            },
          ])
          expect(editorText(applyPatches(text, edits))).toBe(shown.slice(0, from) + inserted + shown.slice(to))
        },
      ),
      { numRuns: 1000 },
    )
  })
})
