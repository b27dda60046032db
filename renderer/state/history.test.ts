import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyPatches, differencePatch, type History, NO_HISTORY, recordEdit, redoEdit, undoEdit } from './history.ts'

describe('patches', () => {
  test('a difference patch turns one text into the other and is no longer than needed', () => {
    const small = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 })
    fc.assert(
      fc.property(small, small, (before, after) => {
        const patch = differencePatch(before, after)
        if (before === after) {
          expect(patch).toBeNull()
          return
        }
        expect(applyPatches(before, [patch!])).toBe(after)
        const removed = before.slice(patch!.start, patch!.end)
        const common = removed !== '' && patch!.text !== ''
        if (common) {
          expect(removed[0]).not.toBe(patch!.text[0])
          expect(removed.at(-1)).not.toBe(patch!.text.at(-1))
        }
      }),
    )
  })
})

describe('undo and redo', () => {
  const step = fc.record({
    text: fc.string({ maxLength: 12 }),
    key: fc.constantFrom(null, 'a', 'b'),
    wait: fc.nat(2_000),
  })

  test('all the way back gives the first text, all the way forward the last', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(step, { maxLength: 12 }), (start, steps) => {
        let text = start
        let history: History = NO_HISTORY
        let at = 0
        for (const { text: next, key, wait } of steps) {
          at += wait
          const patch = differencePatch(text, next)
          if (!patch) continue
          history = recordEdit(history, text, [patch], { label: 'Edit', mergeKey: key, at })
          text = next
        }
        const last = text
        for (let u = undoEdit(history, text); u; u = undoEdit(history, text)) ({ text, history } = u)
        expect(text).toBe(start)
        for (let r = redoEdit(history, text); r; r = redoEdit(history, text)) ({ text, history } = r)
        expect(text).toBe(last)
      }),
    )
  })

  test('edits with one merge key close together are one step', () => {
    const insert = (history: History, text: string, at: number, key: string | null) =>
      recordEdit(history, text, [{ start: text.length, end: text.length, text: 'x' }], {
        label: 'Type',
        mergeKey: key,
        at,
      })
    let history = insert(NO_HISTORY, '', 0, 'typing')
    history = insert(history, 'x', 900, 'typing')
    expect(history.done).toHaveLength(1)
    expect(undoEdit(history, 'xx')!.text).toBe('')
    history = insert(history, 'xx', 2_500, 'typing')
    expect(history.done).toHaveLength(2)
    history = insert(history, 'xxx', 2_600, null)
    expect(history.done).toHaveLength(3)
  })

  test('pauses within one visit to a field begin no new step, another visit does', () => {
    const insert = (history: History, text: string, at: number, mergeKey: string) =>
      recordEdit(history, text, [{ start: text.length, end: text.length, text: 'x' }], {
        label: 'Change name',
        mergeKey,
        pauses: true,
        at,
      })
    let history = insert(NO_HISTORY, '', 0, 'name 1')
    history = insert(history, 'x', 60_000, 'name 1')
    expect(history.done).toHaveLength(1)
    expect(undoEdit(history, 'xx')!.text).toBe('')
    expect(insert(history, 'xx', 60_001, 'name 2').done).toHaveLength(2)
  })

  test('an edit after an undo neither merges with what came before nor keeps what was undone', () => {
    const patch = [{ start: 0, end: 0, text: 'x' }]
    const facts = { label: 'Type', mergeKey: 'typing', at: 0 }
    let history = recordEdit(NO_HISTORY, '', patch, facts)
    history = recordEdit(history, 'x', patch, { ...facts, at: 5_000 })
    history = undoEdit(history, 'xx')!.history
    history = recordEdit(history, 'x', patch, { ...facts, at: 5_100 })
    expect(history.undone).toHaveLength(0)
    expect(history.done).toHaveLength(2)
  })
})
