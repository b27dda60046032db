import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergedText, mergeTexts } from './text-merge.ts'

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '  d: 1', ''), { maxLength: 12 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''))

/** The text of a merge without conflicts. */
function agreed(base: string, mine: string, theirs: string): string {
  const merge = mergeTexts(base, mine, theirs)
  expect(merge.conflicts).toEqual([])
  return mergedText(merge, [])
}

describe('mergeTexts', () => {
  it('takes what only one side changed, and what both changed alike', () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(agreed(base, other, base)).toBe(other)
        expect(agreed(base, base, other)).toBe(other)
        expect(agreed(base, other, other)).toBe(other)
      }),
    )
  })

  it('is the same seen from the other side', () => {
    fc.assert(
      fc.property(text, text, text, (base, a, b) => {
        const [here, there] = [mergeTexts(base, a, b), mergeTexts(base, b, a)]
        expect(here.conflicts.length).toBe(there.conflicts.length)
        if (here.parts.every((part) => part.type === 'conflict' || part.lines.every((line) => line !== '  d: 1\n'))) {
          const mine = here.conflicts.map(() => 'mine' as const)
          const theirs = here.conflicts.map(() => 'theirs' as const)
          expect(mergedText(here, mine)).toBe(mergedText(there, theirs))
        }
      }),
    )
  })

  it('has no conflict where no line was changed by both: every line as the side that changed it left it', () => {
    const line = fc.record({
      by: fc.constantFrom('mine', 'theirs', 'nobody'),
      now: fc.constantFrom([], ['changed'], ['changed', 'and more']),
    })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 15 }), (plan) => {
        const side = (is: (by: string) => boolean) =>
          plan.flatMap(({ by, now }, at) => (is(by) ? now.map((word) => `${word} ${at}\n`) : [`line ${at}\n`])).join('')
        const merged = agreed(
          side(() => false),
          side((by) => by === 'mine'),
          side((by) => by === 'theirs'),
        )
        expect(merged).toBe(side((by) => by !== 'nobody'))
      }),
    )
  })

  it('shows both sides of a conflict with their lines, and takes what is chosen', () => {
    const merge = mergeTexts('one\ntwo\nthree\n', 'zero\none\nmine\nthree\n', 'one\ntheirs\nthree\nfour\n')
    expect(merge.conflicts).toEqual([
      { type: 'conflict', base: ['two\n'], mine: ['mine\n'], theirs: ['theirs\n'], mineLine: 3, theirsLine: 2 },
    ])
    expect(mergedText(merge, ['mine'])).toBe('zero\none\nmine\nthree\nfour\n')
    expect(mergedText(merge, ['theirs'])).toBe('zero\none\ntheirs\nthree\nfour\n')
    expect(mergedText(merge, ['both'])).toBe('zero\none\nmine\ntheirs\nthree\nfour\n')
  })

  it('keeps the different tasks that both added at the same place', () => {
    const base = 'tasks:\n  a: { kind: noop }\n'
    const mine = `${base}  b:\n    kind: shell\n    run: echo b\n`
    const theirs = `${base}  c: { kind: noop }\n`
    expect(agreed(base, mine, theirs)).toBe(`${base}  b:\n    kind: shell\n    run: echo b\n  c: { kind: noop }\n`)
  })

  it('puts added tasks before added sections', () => {
    const base = 'tasks:\n  a: { kind: noop }\n'
    const canvas = 'canvas:\n  a: [0, 0]\n'
    const [b, c] = ['  b: { kind: noop }\n', '  c: { kind: noop }\n']
    expect(agreed(base, base + canvas, base + c)).toBe(base + c + canvas)
    expect(agreed(base, base + b + canvas, base + c)).toBe(base + b + c + canvas)
    expect(agreed(base, base + c, base + b + canvas)).toBe(base + c + b + canvas)
    expect(agreed(base, `${base}groups:\n  g: {}\n`, `${base}groups:\n  h: {}\n`)).toBe(
      `${base}groups:\n  g: {}\n  h: {}\n`,
    )
  })

  it.each([
    ['the same task', '  b: { kind: noop }\n', '  b: { kind: shell }\n'],
    ['lines of code', '      x: 1\n', '      y: 2\n'],
    ['what begins no entry', '  no key here\n', '  c: { kind: noop }\n'],
  ])('leaves it to a person where both added %s at the same place', (_, mine, theirs) => {
    const base = 'tasks:\n  a: { kind: noop }\n'
    expect(mergeTexts(base, base + mine, base + theirs).conflicts).toHaveLength(1)
  })

  it('calls changes of neighbouring lines a conflict where the result would not do', () => {
    const base = 'a: 1\nb: 2\n'
    const mine = 'a: 1\nc: 3\nb: 2\n'
    const theirs = 'a: 4\nb: 2\n'
    expect(mergeTexts(base, mine, theirs).conflicts).toHaveLength(0)
    expect(mergeTexts(base, mine, theirs, { isSound: () => true }).conflicts).toHaveLength(0)
    expect(mergeTexts(base, mine, theirs, { isSound: () => false }).conflicts).toHaveLength(1)
  })

  it('never glues lines together where a text ends without a line end', () => {
    expect(agreed('a\nb\n', 'a', 'a\nb\nc\n')).toBe('a\nc\n')
    expect(agreed('a\r\nb\r\n', 'a', 'a\r\nb\r\nc\r\n')).toBe('a\r\nc\r\n')
    expect(agreed('x\na', 'x\nb', 'y\na')).toBe('y\nb')
  })

  it('merges far apart changes of a long text', () => {
    const lines = Array.from({ length: 4_000 }, (_, at) => `  task_${at}: { kind: noop }\n`)
    const mine = lines.map((line, at) => (at % 8 === 0 ? line.replace('noop', 'shell') : line))
    const theirs = lines.with(1_001, '  task_1001: { kind: sql }\n')
    expect(agreed(lines.join(''), mine.join(''), theirs.join(''))).toBe(mine.with(1_001, theirs[1_001]!).join(''))
  })
})
