import type { LayoutGroup } from '../layout.ts'

/** Groups that have nodes, as the passes use them. */
export interface GroupTree {
  /** The innermost group of each node; -1 for none. */
  readonly groupOf: Int32Array
  /** The group each group stands in; -1 for none. Free of cycles. */
  readonly parents: Int32Array
  /** 1 for a group that stands in none. */
  readonly depth: Int32Array
}

/** Stands groups that hold each other (the last link of such a circle is left out) and nodes named by several (the first counts). */
export function groupTree(size: number, groups: readonly LayoutGroup[]): GroupTree {
  const groupOf = new Int32Array(size).fill(-1)
  const parents = new Int32Array(groups.length).fill(-1)
  groups.forEach(({ nodes, parent }, index) => {
    for (const node of nodes) if (groupOf[node] === -1) groupOf[node] = index
    let top = parent
    while (top >= 0 && top !== index) top = parents[top]!
    if (top !== index) parents[index] = parent
  })
  const depth = parents.map((_, index) => {
    let levels = 1
    for (let holder = parents[index]!; holder >= 0; holder = parents[holder]!) levels++
    return levels
  })
  return { groupOf, parents, depth }
}
