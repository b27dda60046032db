import { create } from 'zustand'

/** What is selected in the open document: ids of tasks, notes and groups, and edges by `edgeId`. */
export interface Selection {
  readonly tasks: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
  readonly notes: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  /** The task that keys and the inspector mean: the one selected last. */
  readonly lead: string | null
}

const NONE: ReadonlySet<string> = new Set()
export const NO_SELECTION: Selection = { tasks: NONE, edges: NONE, notes: NONE, groups: NONE, lead: null }

export const useSelection = create<Selection>(() => NO_SELECTION)

export type SelectionKind = 'tasks' | 'edges' | 'notes' | 'groups'

/** The only thing selected. */
export function selectOnly(kind: SelectionKind, ids: Iterable<string>): void {
  const set = new Set(ids)
  useSelection.setState({ ...NO_SELECTION, [kind]: set, lead: kind === 'tasks' ? lastOf(set) : null })
}

export function selectTask(id: string): void {
  selectOnly('tasks', [id])
}

export function clearSelection(): void {
  useSelection.setState(NO_SELECTION)
}

/** Adds or removes ids, leaving the rest as it is. */
export function changeSelection(kind: SelectionKind, changes: ReadonlyMap<string, boolean>): void {
  useSelection.setState((state) => withChanges(state, kind, changes))
}

export function withChanges(state: Selection, kind: SelectionKind, changes: ReadonlyMap<string, boolean>): Selection {
  const set = new Set(state[kind])
  let lead = state.lead
  for (const [id, selected] of changes) {
    if (selected) {
      set.add(id)
      if (kind === 'tasks') lead = id
    } else {
      set.delete(id)
      if (kind === 'tasks' && lead === id) lead = null
    }
  }
  if (kind === 'tasks' && (lead === null || !set.has(lead))) lead = lastOf(set)
  return { ...state, [kind]: set, lead }
}

/** Drops what is no longer in the document. Returns the same object where nothing was dropped. */
export function keepExisting(
  state: Selection,
  exists: Readonly<Record<SelectionKind, (id: string) => boolean>>,
): Selection {
  let next = state
  for (const kind of ['tasks', 'edges', 'notes', 'groups'] as const) {
    const gone = [...state[kind]].filter((id) => !exists[kind](id))
    if (gone.length > 0) next = withChanges(next, kind, new Map(gone.map((id) => [id, false])))
  }
  return next
}

/** An edge's name in the selection and on the canvas; ids cannot hold a newline. */
export function edgeId(from: string, to: string): string {
  return `${from}\n${to}`
}

export function edgeEnds(id: string): { readonly from: string; readonly to: string } {
  const [from = '', to = ''] = id.split('\n')
  return { from, to }
}

/** The task the inspector shows: the lead one. */
export function useSelectedTask(): string | null {
  return useSelection((state) => state.lead)
}

export function useIsTaskSelected(id: string): boolean {
  return useSelection((state) => state.tasks.has(id))
}

function lastOf(set: ReadonlySet<string>): string | null {
  let last: string | null = null
  for (const id of set) last = id
  return last
}
