import { expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { pipelineDifference } from '#shared/model/pipeline-difference.ts'
import { diffWords } from './diffWords.ts'
import { withGhosts } from './ghosts.ts'

const read = (tasks: string, canvas = '') => parseDocument(`dagwright: 1\nid: p\ntasks:\n${tasks}${canvas}`)

function compared(earlier: ReturnType<typeof read>, later: ReturnType<typeof read>) {
  const [before, after] = [earlier.pipeline!, later.pipeline!]
  const difference = pipelineDifference(before, after)
  const byTask = new Map(difference.tasks.map((change) => [change.task, change]))
  return { path: 'p', earlier, before, after, difference, byTask }
}

const before = read(
  '  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n  c: { kind: noop, needs: [b] }\n',
  'canvas:\n  b: [10, 20]\n',
)

test('what is gone is drawn where it was, with its links, under the names of now', () => {
  const after = read('  start: { kind: noop, aliases: [a] }\n  c: { kind: noop }\n')
  const shown = withGhosts(after.pipeline!, compared(before, after))
  expect(shown.tasks.map(({ id, needs }) => [id, needs.map((need) => need.task)])).toEqual([
    ['start', []],
    ['c', ['b']],
    ['b', ['start']],
  ])
  expect(shown.canvas.get('b')).toEqual([10, 20])
})

test('nothing gone: the pipeline itself', () => {
  const after = read(
    '  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n  c: { kind: noop, needs: [b] }\n  d: { kind: noop }\n',
  )
  expect(withGhosts(after.pipeline!, compared(before, after))).toBe(after.pipeline)
})

test('cards say what happened to them in words', () => {
  const after = read(
    '  b: { kind: shell, run: echo, docs: x, timeout: 1s, owner: me }\n  c: { kind: noop, needs: [b] }\n  d: { kind: noop }\n',
  )
  const words = diffWords(compared(before, after))
  expect(words.get('a')).toMatchObject({ text: '− removed', hatched: true })
  expect(words.get('d')).toMatchObject({ text: '+ added' })
  expect(words.get('b')?.text).toMatch(/^± .+, 3 more$|^± .+ more$/)
  expect(words.has('c')).toBe(false)
})
