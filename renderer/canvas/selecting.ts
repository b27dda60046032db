import type { EdgeChange, NodeChange } from '@xyflow/react'
import { changeSelection, type SelectionKind } from '../state/selection.ts'
import { nodeKind } from './nodes.ts'

/** Passes what React Flow selected on to the selection store, which is where it is kept. */
export function takeNodeSelection(changes: readonly NodeChange[]): void {
  const byKind = new Map<SelectionKind, Map<string, boolean>>()
  for (const change of changes) {
    if (change.type !== 'select') continue
    const { kind, id } = nodeKind(change.id)
    byKind.set(kind, (byKind.get(kind) ?? new Map()).set(id, change.selected))
  }
  for (const [kind, own] of byKind) changeSelection(kind, own)
}

export function takeEdgeSelection(changes: readonly EdgeChange[]): void {
  const selected = changes.flatMap((change) =>
    change.type === 'select' ? [[change.id, change.selected] as const] : [],
  )
  if (selected.length > 0) changeSelection('edges', new Map(selected))
}
