/**
 * Which lines of two texts differ, by Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986). Exact up to a
 * distance, beyond which the whole middle counts as changed.
 *
 * lineHunks       the differing stretches
 * lineDifference  the same as lines to show, with what stands around them
 */

/** Beyond this many differing lines the search for a smaller edit is not worth its time. */
const MAX_DISTANCE = 200

/** Half-open ranges of lines, from 0. */
export type Hunk = readonly [oldFrom: number, oldTo: number, newFrom: number, newTo: number]

/** With their line ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** In order and without overlaps. `mostDistance`: where the texts differ in more lines, the whole middle is one hunk. */
export function lineHunks(
  before: readonly string[],
  after: readonly string[],
  mostDistance = MAX_DISTANCE,
): readonly Hunk[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++
  }
  const oldMiddle = before.slice(head, before.length - tail)
  const newMiddle = after.slice(head, after.length - tail)
  const inner = myersHunks(oldMiddle, newMiddle, mostDistance) ?? [[0, oldMiddle.length, 0, newMiddle.length]]
  return inner.map(([a, b, c, d]) => [a + head, b + head, c + head, d + head])
}

/** The greedy forward pass, keeping the furthest points of every distance to walk back. null: too different. */
function myersHunks(before: readonly string[], after: readonly string[], mostDistance: number): readonly Hunk[] | null {
  const limit = Math.min(mostDistance, before.length + after.length)
  const middle = limit + 1
  const furthest = new Int32Array(2 * limit + 3)
  const trace: Int32Array[] = []
  for (let distance = 0; distance <= limit; distance++) {
    trace.push(furthest.slice())
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && at(furthest, middle + k - 1) < at(furthest, middle + k + 1))
      let x = down ? at(furthest, middle + k + 1) : at(furthest, middle + k - 1) + 1
      let y = x - k
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++
        y++
      }
      furthest[middle + k] = x
      if (x >= before.length && y >= after.length) return walkBack(trace, middle, before.length, after.length)
    }
  }
  return null
}

function walkBack(trace: readonly Int32Array[], middle: number, oldLength: number, newLength: number): readonly Hunk[] {
  const hunks: Hunk[] = []
  let x = oldLength
  let y = newLength
  for (let distance = trace.length - 1; distance > 0; distance--) {
    const furthest = trace[distance]
    if (furthest === undefined) break
    const k = x - y
    const down = k === -distance || (k !== distance && at(furthest, middle + k - 1) < at(furthest, middle + k + 1))
    const previousX = at(furthest, middle + (down ? k + 1 : k - 1))
    const previousY = previousX - (down ? k + 1 : k - 1)
    const change: Hunk = down
      ? [previousX, previousX, previousY, previousY + 1]
      : [previousX, previousX + 1, previousY, previousY]
    const next = hunks.at(-1)
    if (next !== undefined && next[0] === change[1] && next[2] === change[3]) {
      hunks[hunks.length - 1] = [change[0], next[1], change[2], next[3]]
    } else hunks.push(change)
    x = previousX
    y = previousY
  }
  return hunks.reverse()
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? 0
}

export interface DifferenceLine {
  /** skip: lines left out, their number in `text`. */
  readonly sign: 'same' | 'removed' | 'added' | 'skip'
  readonly text: string
}

/** The differing lines with `context` equal ones around them. Empty where the texts are equal, line ends aside. */
export function lineDifference(before: string, after: string, context = 2): readonly DifferenceLine[] {
  const old = shownLines(before)
  const current = shownLines(after)
  const shown: DifferenceLine[] = []
  const push = (sign: DifferenceLine['sign'], lines: readonly string[]) => {
    for (const text of lines) shown.push({ sign, text })
  }
  let at = 0
  const same = (to: number, last: boolean) => {
    const head = shown.length === 0 ? 0 : Math.min(context, to - at)
    const tail = last ? 0 : Math.min(context, to - at - head)
    const left = to - at - head - tail
    push('same', old.slice(at, at + head))
    if (left > 0) push('skip', [String(left)])
    push('same', old.slice(to - tail, to))
  }
  const hunks = lineHunks(old, current)
  for (const [oldFrom, oldTo, newFrom, newTo] of hunks) {
    same(oldFrom, false)
    push('removed', old.slice(oldFrom, oldTo))
    push('added', current.slice(newFrom, newTo))
    at = oldTo
  }
  if (hunks.length > 0) same(old.length, true)
  return shown
}

/** Without line ends; the last one ends the last line and begins none. */
function shownLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
