import type { DifferenceLine } from '#shared/model/line-difference.ts'

/** Two lines beside each other; null: nothing stands there. */
export interface LinePair {
  readonly before: DifferenceLine | null
  readonly after: DifferenceLine | null
}

/** Lines as `lineDifference` gives them, what was taken out beside what was put in for it. */
export function sideBySide(lines: readonly DifferenceLine[]): readonly LinePair[] {
  const pairs: LinePair[] = []
  let removed: DifferenceLine[] = []
  let added: DifferenceLine[] = []
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      pairs.push({ before: removed[at] ?? null, after: added[at] ?? null })
    }
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.sign === 'removed' && added.length > 0) flush()
    if (line.sign === 'removed') removed.push(line)
    else if (line.sign === 'added') added.push(line)
    else {
      flush()
      pairs.push({ before: line, after: line })
    }
  }
  flush()
  return pairs
}
