/** What lies under a point of the window. */
interface ScreenPoint {
  readonly x: number
  readonly y: number
}

/** Id of the task or note under a point. */
export function nodeAt({ x, y }: ScreenPoint): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest('.react-flow__node')
    if (node && !node.classList.contains('react-flow__node-cluster')) return node.getAttribute('data-id')
  }
  return null
}

/** Id of the edge under a point; those at the named tasks don't count. */
export function edgeAt({ x, y }: ScreenPoint, apartFrom: ReadonlySet<string>): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest('.react-flow__edge')?.getAttribute('data-id')
    if (id && !id.includes('\n\n') && !id.split('\n').some((end) => apartFrom.has(end))) return id
  }
  return null
}
