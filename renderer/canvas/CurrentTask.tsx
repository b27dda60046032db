import { useTaskRun } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { KIND_STYLES } from '../ui/kinds.ts'
import { STATE_STYLES } from '../ui/states.ts'
import type { Graph } from './paint/graph.ts'

/** Tells who does not see the canvas which task the arrow keys have led to, whether its card is near or far. */
export function CurrentTask({ graph, lead }: { readonly graph: Graph; readonly lead: string | null }) {
  const run = useTaskRun(lead ?? '')
  const design = useView((state) => state.lens === 'design')
  const card = lead === null ? undefined : graph.cardOf.get(lead)
  const state = run && !design ? STATE_STYLES[run.state].label : null
  return (
    <div className="visually-hidden" role="status" aria-label="Current task">
      {card?.task &&
        [card.task.name, KIND_STYLES[card.task.kind].label, state, linksOf(graph, card.id)].filter(Boolean).join(', ')}
    </div>
  )
}

function linksOf(graph: Graph, id: string): string {
  const edges = (graph.cardOf.get(id)?.edges ?? []).map((number) => graph.edges[number]!)
  const needs = edges.filter((edge) => edge.target === id).length
  return `needs ${needs}, needed by ${edges.length - needs}`
}
