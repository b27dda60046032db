import { ViewportPortal } from '@xyflow/react'
import { memo } from 'react'
import { CURVE_NUMBERS, curveBounds } from './paint/curve.ts'
import type { Graph, Link } from './paint/graph.ts'
import styles from './Stage.module.css'

/** More of them would say nothing to who hears them one after the other; the outline lists all. */
const MOST = 200

/** Names the painted edges between mounted cards to those who do not see them. */
export const EdgeMarks = memo(function EdgeMarks({
  graph,
  mounted,
}: {
  readonly graph: Graph
  readonly mounted: ReadonlySet<string>
}) {
  const links = linksBetween(graph, mounted)
  if (links.length > MOST) return null
  return (
    <ViewportPortal>
      {links.map(({ id, from, to, when, number }) => {
        const { x, y, width, height } = curveBounds(graph.curves, number * CURVE_NUMBERS)
        return (
          <div
            key={id}
            role="img"
            aria-label={`Edge from ${from} to ${to}`}
            aria-description={when === null ? undefined : `Only when ${when}`}
            className={styles.edgeMark}
            style={{ transform: `translate(${x}px, ${y}px)`, width: Math.max(1, width), height: Math.max(1, height) }}
          />
        )
      })}
    </ViewportPortal>
  )
})

function linksBetween(graph: Graph, mounted: ReadonlySet<string>): readonly Link[] {
  const links: Link[] = []
  for (const id of mounted) {
    for (const number of graph.cardOf.get(id)?.edges ?? []) {
      const link = graph.edges[number]!
      if (link.source === id && mounted.has(link.target)) links.push(link)
    }
  }
  return links
}
