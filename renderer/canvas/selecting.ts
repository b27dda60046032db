import type { NodeChange } from '@xyflow/react'
import { changeSelection, type SelectionKind, selectOnly, useSelection } from '../state/selection.ts'
import { groupNodeId, nodeKind, noteNodeId } from './nodeId.ts'

/**
 * Passes what React Flow selected on to the selection store, which is where it is kept. React Flow knows only the nodes
 * that are mounted: where it means to select one thing alone (`alone`), everything else is let go here.
 */
export function takeNodeSelection(changes: readonly NodeChange[], alone: boolean): void {
  const byKind = new Map<SelectionKind, Map<string, boolean>>()
  for (const change of changes) {
    if (change.type !== 'select') continue
    const { kind, id } = nodeKind(change.id)
    byKind.set(kind, (byKind.get(kind) ?? new Map()).set(id, change.selected))
  }
  for (const [kind, own] of byKind) {
    const chosen = [...own].filter(([, selected]) => selected).map(([id]) => id)
    if (alone && chosen.length > 0) {
      selectOnly(kind, chosen)
      return
    }
  }
  for (const [kind, own] of byKind) changeSelection(kind, own)
}

/** The only things selected: those of these nodes. */
export function selectNodes(nodeIds: readonly string[]): void {
  const ids: Record<'tasks' | 'groups' | 'notes', string[]> = { tasks: [], groups: [], notes: [] }
  for (const nodeId of nodeIds) {
    const { kind, id } = nodeKind(nodeId)
    ids[kind].push(id)
  }
  const { tasks, groups, notes } = useSelection.getState()
  if (same(tasks, ids.tasks) && same(groups, ids.groups) && same(notes, ids.notes)) return
  selectOnly('tasks', ids.tasks)
  for (const kind of ['groups', 'notes'] as const) {
    if (ids[kind].length > 0) changeSelection(kind, new Map(ids[kind].map((id) => [id, true])))
  }
}

/** As a click on a card: alone, or with a modifier key added to what is selected or taken from it. */
export function selectNode(nodeId: string, adding: boolean): void {
  const { kind, id } = nodeKind(nodeId)
  if (adding) changeSelection(kind, new Map([[id, !useSelection.getState()[kind].has(id)]]))
  else selectNodes([nodeId])
}

/** Node id of what keys mean: the task selected last, else the note or group that is selected alone. */
export function currentNode(): string | null {
  const { lead, notes, groups } = useSelection.getState()
  if (lead !== null) return lead
  if (notes.size + groups.size !== 1) return null
  const [note] = notes
  const [group] = groups
  return note !== undefined ? noteNodeId(note) : groupNodeId(group!)
}

function same(set: ReadonlySet<string>, ids: readonly string[]): boolean {
  return set.size === ids.length && ids.every((id) => set.has(id))
}

/** As a click on an edge: alone, or with a modifier key added to what is selected or taken from it. */
export function selectEdge(id: string, adding: boolean): void {
  if (adding) changeSelection('edges', new Map([[id, !useSelection.getState().edges.has(id)]]))
  else selectOnly('edges', [id])
}
