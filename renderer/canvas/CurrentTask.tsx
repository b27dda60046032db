import { useTaskRun } from '../state/runs.ts'
import { type Selection, useSelection } from '../state/selection.ts'
import { useView } from '../state/view.ts'
import { KIND_STYLES } from '../ui/kinds.ts'
import { STATE_STYLES } from '../ui/states.ts'
import { groupNodeId, noteNodeId } from './nodeId.ts'
import type { Graph } from './paint/graph.ts'

/** Tells who does not see the canvas what the arrow keys have led to, whether it is near or far. */
export function CurrentTask({ graph, lead }: { readonly graph: Graph; readonly lead: string | null }) {
  const run = useTaskRun(lead ?? '')
  const design = useView((state) => state.lens === 'design')
  const other = useSelection((selection) => (lead === null ? otherText(graph, selection) : null))
  const card = lead === null ? undefined : graph.cardOf.get(lead)
  const state = run && !design ? STATE_STYLES[run.state].label : null
  return (
    <div className="visually-hidden" role="status" aria-label="Current task">
      {card?.task
        ? [card.task.name, KIND_STYLES[card.task.kind].label, state, linksOf(graph, card.id)].filter(Boolean).join(', ')
        : other}
    </div>
  )
}

/** The note or the group that is selected. */
function otherText(graph: Graph, { notes, groups }: Selection): string | null {
  const [note] = notes
  const [group] = groups
  if (note !== undefined) return `Note: ${graph.noteOf.get(noteNodeId(note))?.note.text || 'empty'}`
  if (group === undefined) return null
  const node = groupNodeId(group)
  const frame = graph.frameOf.get(node)
  if (frame) return `Group ${frame.group.name}, ${countText(frame.tasks)}`
  const card = graph.cardOf.get(node)
  return card && card.task === null
    ? `Group ${card.group.name}, collapsed, ${countText(card.members)}, ${linksOf(graph, node)}`
    : null
}

function countText({ length }: readonly string[]): string {
  return `${length} ${length === 1 ? 'task' : 'tasks'}`
}

function linksOf(graph: Graph, id: string): string {
  const edges = (graph.cardOf.get(id)?.edges ?? []).map((number) => graph.edges[number]!)
  const needs = edges.filter((edge) => edge.target === id).length
  return `needs ${needs}, needed by ${edges.length - needs}`
}
