import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import type { Point } from './geometry.ts'
import { groupNodeId, noteNodeId } from './nodeId.ts'
import { buildGraph } from './paint/graph.ts'
import { neighbour, stepFrom } from './walk.ts'

const positions = new Map<string, Point>([
  ['a', [0, 0]],
  ['b', [300, 0]],
  ['c', [300, 100]],
  ['far', [900, 0]],
])

test('the nearest task in the direction is taken', () => {
  expect(neighbour('a', 'right', positions, new Set())).toBe('b')
  expect(neighbour('b', 'down', positions, new Set())).toBe('c')
  expect(neighbour('b', 'left', positions, new Set())).toBe('a')
  expect(neighbour('a', 'up', positions, new Set())).toBeNull()
  expect(neighbour('gone', 'up', positions, new Set())).toBeNull()
})

test('a linked task is preferred to a nearer one', () => {
  expect(neighbour('a', 'right', positions, new Set(['far']))).toBe('far')
})

test('what is found always lies in the direction', () => {
  const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
      const all = new Map(points.map((at, index) => [String(index), at as Point]))
      const found = neighbour('0', 'left', all, new Set(['1']))
      if (found !== null) expect(all.get(found)![0]).toBeLessThan(all.get('0')![0])
    }),
  )
})

test('notes and collapsed groups are walked to, what is hidden in one is not', () => {
  const { pipeline } = parseDocument(`dagwright: 1
id: flow
tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [b] }
groups:
  g: { name: G, tasks: [b] }
notes:
  - { id: n, text: Hello, at: [0, -300], size: [240, 120] }
canvas:
  a: [0, 0]
  b: [400, 0]
  c: [800, 0]
`)
  const view = { placed: new Map(), direction: 'LR', edgeStyle: 'curved' } as const
  const graph = buildGraph({ pipeline: pipeline!, ...view, collapsed: new Set(['g']) })
  const group = groupNodeId('g')
  expect(stepFrom(graph, null, 'right')).toBe('a')
  expect(stepFrom(graph, 'a', 'right')).toBe(group)
  expect(stepFrom(graph, group, 'right')).toBe('c')
  expect(stepFrom(graph, group, 'left')).toBe('a')
  expect(stepFrom(graph, 'a', 'up')).toBe(noteNodeId('n'))
  expect(stepFrom(graph, noteNodeId('n'), 'down')).toBe('a')
  expect(stepFrom(graph, 'b', 'right')).toBe('c')
  const open = buildGraph({ pipeline: pipeline!, ...view, collapsed: new Set() })
  expect(stepFrom(open, group, 'right')).toBe('b')
  expect(stepFrom(open, 'a', 'right')).toBe('b')
})
