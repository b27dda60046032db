import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import {
  boundsOf,
  collapsedGroupOf,
  freePlace,
  groupBox,
  groupDepth,
  knownPositions,
  type Point,
  placeBeside,
  TASK_HEIGHT,
  TASK_WIDTH,
  tasksOfGroup,
} from './geometry.ts'

function pipelineOf(text: string) {
  return parseDocument(`dagwright: 1\nid: p\n${text}`).pipeline!
}

const overlap = (a: Point, b: Point) => Math.abs(a[0] - b[0]) < TASK_WIDTH && Math.abs(a[1] - b[1]) < TASK_HEIGHT

describe('places', () => {
  test('a free place covers no other task', () => {
    const point = fc.tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: -400, max: 400 }))
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), point, fc.constantFrom('LR', 'TB'), (others, wish, direction) => {
        const positions = new Map(others.map((other, index) => [String(index), other as Point]))
        const at = freePlace(wish, positions, direction as 'LR' | 'TB')
        expect(others.some((other) => overlap(other, at))).toBe(false)
      }),
    )
  })

  test('a task without a place goes to the right of its upstreams and every task gets one', () => {
    const pipeline = pipelineOf(`tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [b] }
  lone: { kind: noop }
canvas:
  a: [0, 0]
`)
    const known = knownPositions(pipeline, new Map())
    const added = placeBeside(pipeline, known, 'LR')
    expect([...added.keys()]).toEqual(['b', 'c', 'lone'])
    expect(added.get('b')![0]).toBeGreaterThanOrEqual(TASK_WIDTH)
    expect(added.get('c')![0]).toBeGreaterThan(added.get('b')![0])
  })

  test('the file says where a task is, before the layout does', () => {
    const pipeline = pipelineOf('tasks:\n  a: { kind: noop }\n  b: { kind: noop }\ncanvas:\n  a: [8, 16]\n')
    const placed = new Map<string, Point>([
      ['a', [1, 1]],
      ['b', [2, 2]],
      ['gone', [3, 3]],
    ])
    expect([...knownPositions(pipeline, placed)]).toEqual([
      ['a', [8, 16]],
      ['b', [2, 2]],
    ])
  })
})

describe('groups', () => {
  const groups = [
    { id: 'outer', name: '', tasks: ['inner', 'a'], color: null },
    { id: 'inner', name: '', tasks: ['b', 'c'], color: null },
  ]

  test('an outer group holds the tasks of its inner one and frames it', () => {
    expect(tasksOfGroup(groups, 'outer')).toEqual(['b', 'c', 'a'])
    expect(groupDepth(groups, 'inner')).toBe(1)
    const positions = new Map<string, Point>([
      ['a', [0, 0]],
      ['b', [400, 0]],
      ['c', [400, 200]],
    ])
    const outer = groupBox(groups, 'outer', positions)!
    const inner = groupBox(groups, 'inner', positions)!
    expect(boundsOf([outer, inner])).toEqual(outer)
    expect(outer.y).toBeLessThan(inner.y)
  })

  test('groups that hold each other do not hang', () => {
    const circular = [
      { id: 'x', name: '', tasks: ['y', 'a'], color: null },
      { id: 'y', name: '', tasks: ['x'], color: null },
    ]
    expect(tasksOfGroup(circular, 'x')).toEqual(['a'])
    expect(groupDepth(circular, 'x')).toBe(1)
    expect(groupBox(circular, 'x', new Map([['a', [0, 0] as Point]]))).not.toBeNull()
    expect(collapsedGroupOf(circular, new Set(['y']), 'a')).toBe('y')
  })

  test('a task shows as its outermost collapsed group', () => {
    expect(collapsedGroupOf(groups, new Set(['inner', 'outer']), 'b')).toBe('outer')
    expect(collapsedGroupOf(groups, new Set(['inner']), 'b')).toBe('inner')
    expect(collapsedGroupOf(groups, new Set(['inner']), 'a')).toBeNull()
  })
})
