import type { LayoutGroup } from '../layout.ts'
import { FRAME_SPACE, LAYER_SPACE } from '../spacing.ts'
import type { GroupTree } from './group-tree.ts'
import type { LayeredGraph } from './layered-graph.ts'

/** The layers along the edges, in pixels. */
export interface Columns {
  readonly begin: Float64Array
  readonly depth: Float64Array
  readonly length: number
}

/** Where each layer begins and how deep it is. Frames that end in one and begin in the next need room between them. */
export function columnsOf(
  { layer, layerCount }: LayeredGraph,
  { groupOf, parents }: GroupTree,
  groups: readonly LayoutGroup[],
  sizes: Float64Array,
  along: 0 | 1,
): Columns {
  const depth = new Float64Array(layerCount)
  const firstLayer = new Int32Array(groups.length).fill(layerCount)
  const lastLayer = new Int32Array(groups.length).fill(-1)
  for (let node = 0; node < sizes.length / 2; node++) {
    depth[layer[node]!] = Math.max(depth[layer[node]!]!, sizes[2 * node + along]!)
    for (let group = groupOf[node]!; group >= 0; group = parents[group]!) {
      firstLayer[group] = Math.min(firstLayer[group]!, layer[node]!)
      lastLayer[group] = Math.max(lastLayer[group]!, layer[node]!)
    }
  }
  const before = new Float64Array(layerCount)
  const after = new Float64Array(layerCount)
  groups.forEach(({ frame: own }, group) => {
    if (own === undefined || lastLayer[group]! < 0) return
    const [start, end] = along === 0 ? [own.left, own.right] : [own.top, own.bottom]
    before[firstLayer[group]!] = Math.max(before[firstLayer[group]!]!, start)
    after[lastLayer[group]!] = Math.max(after[lastLayer[group]!]!, end)
  })
  const begin = new Float64Array(layerCount)
  let at = 0
  for (let own = 0; own < layerCount; own++) {
    const framed = before[own]! + (own > 0 ? after[own - 1]! : 0)
    const space = own === 0 ? framed : Math.max(LAYER_SPACE, framed > 0 ? framed + FRAME_SPACE : 0)
    begin[own] = at + space
    at = begin[own]! + depth[own]!
  }
  return { begin, depth, length: at + (after.at(-1) ?? 0) }
}
