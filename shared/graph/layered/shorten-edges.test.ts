import fc from 'fast-check'
import { expect, it } from 'vitest'
import { acyclicEdges } from '../graph.testing.ts'
import { buildGraph } from '../graph.ts'
import { columnsOf } from './columns.ts'
import { groupTree } from './group-tree.ts'
import { lanesOf } from './lanes.ts'
import { layeredGraph, simpleAcyclic } from './layered-graph.ts'
import { firstOrder } from './order.ts'
import { ranksOf } from './ranks.ts'
import { shortenEdges } from './shorten-edges.ts'

const GAP = 88

/** A graph in layers without dummies, its nodes at uneven heights in the order of their layer. */
const scene = fc
  .record({
    made: acyclicEdges(7),
    steps: fc.array(fc.integer({ min: GAP, max: 300 }), { minLength: 7, maxLength: 7 }),
  })
  .map(({ made: { size, edges }, steps }) => {
    const all = simpleAcyclic(buildGraph(size, edges))
    const rank = ranksOf(all, 'early')
    const graph = buildGraph(
      size,
      edges.filter(([from, to]) => rank[to] === rank[from]! + 1),
    )
    const tree = groupTree(size, [])
    const layered = layeredGraph(simpleAcyclic(graph), rank, tree.groupOf, tree.parents)
    const order = firstOrder(layered)
    const sizes = Float64Array.from({ length: 2 * size }, (_, index) => (index % 2 === 0 ? 180 : 60))
    const places = new Float64Array(size)
    for (let layer = 0; layer < layered.layerCount; layer++) {
      let at = 0
      for (let index = order.start[layer]!; index < order.start[layer + 1]!; index++) {
        places[order.nodes[index]!] = at += steps[index]!
      }
    }
    const lanes = lanesOf(layered, order, tree, [], sizes, 1)
    return { layered, lanes, columns: columnsOf(layered, tree, [], sizes, 0), places }
  })

it('keeps order and distances, and leaves no set of nodes that would gain by moving a pixel together', () => {
  fc.assert(
    fc.property(scene, ({ layered, lanes, columns, places }) => {
      shortenEdges(layered, lanes, columns, places)
      const length = (at: Float64Array) => {
        let sum = 0
        for (let from = 0; from < layered.size; from++) {
          const targets = layered.down.subarray(layered.downStart[from]!, layered.downStart[from + 1]!)
          for (const to of targets) sum += Math.hypot(44, at[to]! - at[from]!)
        }
        return sum
      }
      const holds = (at: Float64Array) =>
        lanes.sequences.every((sequence) =>
          sequence.every((node, index) => index === 0 || at[node]! - at[sequence[index - 1]!]! >= GAP - 1e-9),
        )
      expect(holds(places)).toBe(true)
      const least = length(places)
      for (let set = 1; set < 2 ** layered.size; set++) {
        for (const by of [-1, 1]) {
          const moved = places.map((place, node) => ((set >> node) & 1 ? place + by : place))
          if (holds(moved)) expect(length(moved)).toBeGreaterThan(least - 1e-5)
        }
      }
    }),
    { numRuns: 60 },
  )
})
