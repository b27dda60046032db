/** Dagwright's own layout, or dagre's: other pictures, for small pipelines. Laid out by layout-by-engine.ts. */
export const LAYOUT_ENGINES = ['dagwright', 'dagre'] as const
export type LayoutEngine = (typeof LAYOUT_ENGINES)[number]

/** dagre is recursive, and its time grows with the square of the tasks. */
export const MOST_DAGRE_TASKS = 600

/** Why dagre does not lay out this many tasks; undefined where it does. */
export function beyondDagre(tasks: number): string | undefined {
  if (tasks <= MOST_DAGRE_TASKS) return undefined
  return `dagre lays out up to ${MOST_DAGRE_TASKS} tasks; here are ${tasks.toLocaleString('en')}.`
}
