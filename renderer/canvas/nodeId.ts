/** Ids of the canvas' nodes: tasks are named by themselves, the others by a prefix that no id can hold. */
export const groupNodeId = (id: string) => `group\n${id}`
export const noteNodeId = (id: string) => `note\n${id}`

export function nodeKind(nodeId: string): { readonly kind: 'tasks' | 'groups' | 'notes'; readonly id: string } {
  if (nodeId.startsWith('group\n')) return { kind: 'groups', id: nodeId.slice(6) }
  if (nodeId.startsWith('note\n')) return { kind: 'notes', id: nodeId.slice(5) }
  return { kind: 'tasks', id: nodeId }
}
