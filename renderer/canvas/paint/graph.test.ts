import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { edgeId } from '../../state/selection.ts'
import type { Box, Point } from '../geometry.ts'
import { groupNodeId, noteNodeId } from '../nodeId.ts'
import { CURVE_NUMBERS, curveBetween, curveBounds, curveDistance, curvePoint } from './curve.ts'
import { buildGraph, edgeAt, hitAt, meets, nodeAt, nodesIn } from './graph.ts'
import { createGrid } from './grid.ts'

const TEXT = `dagwright: 1
id: p
tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [a, b] }
  __proto__: { kind: noop, needs: [c, nowhere] }
groups:
  inner: { name: Inner, tasks: [b] }
  g: { name: G, tasks: [a, inner] }
notes:
  - { id: n, text: hello, at: [0, 1000], size: [200, 80] }
`
const PLACES = new Map<string, Point>([
  ['a', [0, 0]],
  ['b', [400, 0]],
  ['c', [800, 200]],
  ['__proto__', [1200, 400]],
])

function graphOf(collapsed: readonly string[] = []) {
  const pipeline = parseDocument(TEXT).pipeline!
  return buildGraph({ pipeline, placed: PLACES, collapsed: new Set(collapsed), direction: 'LR', edgeStyle: 'curved' })
}

describe('the graph', () => {
  test('holds a card for each task and an edge for each need of a known one', () => {
    const { cards, edges, frames } = graphOf()
    expect(cards.map(({ id }) => id)).toEqual(['a', 'b', 'c', '__proto__'])
    expect(edges.map(({ id }) => id)).toEqual([
      edgeId('a', 'b'),
      edgeId('a', 'c'),
      edgeId('b', 'c'),
      edgeId('c', '__proto__'),
    ])
    expect(frames.map(({ id }) => id)).toEqual([groupNodeId('g'), groupNodeId('inner')])
  })

  test('a collapsed group is one card, whatever it holds, with the links of its tasks, each once', () => {
    const { cards, edges, edgeOf, frames } = graphOf(['g', 'inner'])
    expect(cards.map(({ id }) => id)).toEqual([groupNodeId('g'), 'c', '__proto__'])
    expect(edges.map(({ source, target, asWritten }) => [source, target, asWritten])).toEqual([
      [groupNodeId('g'), 'c', false],
      ['c', '__proto__', true],
    ])
    for (const need of ['a', 'b']) expect(edgeOf.get(edgeId(need, 'c'))).toBe(edges[0])
    expect(edgeOf.get(edgeId('a', 'b'))).toBeUndefined()
    expect(frames).toEqual([])
  })

  test('says what lies under a point: a card, a note, the header of the innermost frame, an edge', () => {
    const graph = graphOf()
    expect(nodeAt(graph, [10, 10])).toBe('a')
    expect(nodeAt(graph, [100, 1040])).toBe(noteNodeId('n'))
    const inner = graph.frameOf.get(groupNodeId('inner'))!.box
    expect(nodeAt(graph, [inner.x + 4, inner.y + 4])).toBe(groupNodeId('inner'))
    expect(hitAt(graph, [385, 30], 1)).toEqual({ type: 'edge', id: edgeId('a', 'b') })
    expect(hitAt(graph, [3000, 3000], 1)).toBeNull()
  })

  test('an edge is met from farther away the smaller it is drawn, and not at the tasks that are left out', () => {
    const graph = graphOf()
    expect(edgeAt(graph, [385, 16], 1)).toBeNull()
    expect(edgeAt(graph, [385, 16], 0.25)?.id).toBe(edgeId('a', 'b'))
    expect(edgeAt(graph, [385, 30], 1, new Set(['b']))?.id).not.toBe(edgeId('a', 'b'))
  })

  test('a window holds cards it meets, and frames only whole where that is asked', () => {
    const graph = graphOf()
    const window = { x: -10, y: -10, width: 300, height: 200 }
    expect(nodesIn(graph, window, 'inside')).toEqual(['a'])
    expect(nodesIn(graph, window, 'met')).toEqual([groupNodeId('g'), 'a'])
  })
})

const number = fc.integer({ min: -5_000, max: 5_000 })
const size = fc.integer({ min: 0, max: 3_000 })
const box = fc.record({ x: number, y: number, width: size, height: size })

test('a grid finds exactly what a look at every box finds, each once', () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 60 }), box, (boxes: readonly Box[], window) => {
      const found: number[] = []
      const grid = createGrid(boxes.length, (item) => boxes[item]!)
      grid.visit({ x: 0, y: 0, width: 1, height: 1 }, () => undefined)
      grid.visit(window, (item) => found.push(item))
      expect(found.sort((a, b) => a - b)).toEqual(boxes.flatMap((own, item) => (meets(own, window) ? [item] : [])))
    }),
  )
})

test('a curve stays in its box, and what lies on it has no distance from it', () => {
  const point = fc.tuple(number, number)
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      point,
      point,
      share,
      fc.constantFrom('LR', 'TB'),
      fc.constantFrom('curved', 'straight'),
      (from, to, at, direction, style) => {
        const curve = new Float64Array(CURVE_NUMBERS)
        curveBetween(from, to, direction, style, curve)
        const on = curvePoint(curve, at)
        const { x, y, width, height } = curveBounds(curve)
        expect(on[0]).toBeGreaterThanOrEqual(x - 1e-6)
        expect(on[1]).toBeGreaterThanOrEqual(y - 1e-6)
        expect(on[0]).toBeLessThanOrEqual(x + width + 1e-6)
        expect(on[1]).toBeLessThanOrEqual(y + height + 1e-6)
        // 32 straight pieces of the longest curve here stray from it by less than this.
        expect(curveDistance(curve, on)).toBeLessThan(30)
      },
    ),
  )
})
