import { expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { fragmentText, pasted, readFragment } from './clipboard.ts'
import type { Point } from './geometry.ts'

const document = parseDocument(`dagwright: 1
id: p
defaults: { timeout: 1m }
tasks:
  a: { kind: noop }
  b:
    kind: shell
    run: |
      echo "one"
      echo two
    needs: [a]
    env: { X: "1" }
  c: { kind: noop, needs: [{ task: b, when: "\${{ params.x > 1 }}" }, a] }
params:
  x: { type: integer, default: 1 }
`)
const places = new Map<string, Point>([
  ['b', [10, 20]],
  ['c', [400, 20]],
])
const stay = (at: Point) => at

test('what is copied reads back as it stands in the file, without defaults', () => {
  const fragment = readFragment(fragmentText(document, new Set(['b', 'c']), places))!
  expect(fragment.tasks.map((task) => task.id)).toEqual(['b', 'c'])
  expect(fragment.tasks[0]!.fields).toEqual({
    kind: 'shell',
    run: 'echo "one"\necho two\n',
    needs: ['a'],
    env: { X: '1' },
  })
  expect(fragment.tasks[0]!.at).toEqual([10, 20])
})

test('copies get free ids, links among them follow, links to the rest stay', () => {
  const fragment = readFragment(fragmentText(document, new Set(['b', 'c']), places))!
  const { tasks } = pasted(fragment, document.pipeline!, stay)
  expect(tasks.map((task) => task.id)).toEqual(['b_2', 'c_2'])
  expect(tasks[0]!.needs).toEqual(['a'])
  expect(tasks[1]!.needs).toEqual([{ task: 'b_2', when: '${{ params.x > 1 }}' }, 'a'])
})

test('in another pipeline ids are kept and links to what is not there are dropped', () => {
  const other = parseDocument('dagwright: 1\nid: q\ntasks: {}\n').pipeline!
  const fragment = readFragment(fragmentText(document, new Set(['c']), places))!
  expect(pasted(fragment, other, stay).tasks).toMatchObject([{ id: 'c', kind: 'noop', needs: [] }])
})

test('groups that are copied whole come along; everything speaks of the copies', () => {
  const grouped = parseDocument(`dagwright: 1
id: g
tasks:
  a: { kind: shell, run: echo a }
  b: { kind: shell, needs: [a], run: "echo \${{ tasks.a.state }}" }
  c: { kind: noop, needs: [b] }
groups:
  outer: { name: Outer, tasks: [inner, b] }
  inner: { tasks: [a], color: "#aabbcc" }
  half: { tasks: [c, d] }
`)
  const text = fragmentText(grouped, new Set(['a', 'b', 'c']), new Map())
  const copies = pasted(readFragment(text)!, grouped.pipeline!, stay)
  expect(copies.groups).toEqual([
    { id: 'inner_2', fields: { color: '#aabbcc' }, members: ['a_2'] },
    { id: 'outer_2', fields: { name: 'Outer' }, members: ['inner_2', 'b_2'] },
  ])
  expect(copies.tasks[1]).toMatchObject({ needs: ['a_2'], fields: { run: 'echo ${{ tasks.a_2.state }}' } })
})

test('text that holds no tasks is no fragment', () => {
  for (const text of [
    '',
    'hello',
    '[1, 2]',
    'tasks: 3',
    'tasks: { a: { kind: dance } }',
    '{ a: &x [*x] }',
    '"\u0000',
  ]) {
    expect(readFragment(text)).toBeNull()
  }
})

test('hostile ids do not reach prototypes', () => {
  const fragment = readFragment(
    'tasks:\n  __proto__: { kind: noop }\n  constructor: { kind: noop, needs: [__proto__] }\n',
  )
  const other = parseDocument('dagwright: 1\nid: q\ntasks: {}\n').pipeline!
  expect(({} as { kind?: string }).kind).toBeUndefined()
  expect(fragment && pasted(fragment, other, stay).tasks.map((task) => task.id)).toEqual(['__proto__', 'constructor'])
})
