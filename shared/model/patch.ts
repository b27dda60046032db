/** Replaces the characters from `start` to `end` (UTF-16 offsets into the old text, `end` not included) by `text`. */
export interface TextPatch {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** `patches` must be sorted and must not overlap. */
export function applyPatches(text: string, patches: readonly TextPatch[]): string {
  let result = ''
  let done = 0
  for (const patch of patches) {
    if (patch.start < done || patch.end < patch.start || patch.end > text.length) {
      throw new RangeError(`patch ${patch.start}-${patch.end} does not fit after ${done} of ${text.length}`)
    }
    result += text.slice(done, patch.start) + patch.text
    done = patch.end
  }
  return result + text.slice(done)
}

/** The patches that turn the patched text back into `text`, the text before. */
export function invertPatches(text: string, patches: readonly TextPatch[]): readonly TextPatch[] {
  let shift = 0
  return patches.map((patch) => {
    const start = patch.start + shift
    shift += patch.text.length - (patch.end - patch.start)
    return { start, end: start + patch.text.length, text: text.slice(patch.start, patch.end) }
  })
}

/** One list that does what `first` and then `second` (offsets into the text after `first`) do. `text`: the text before. */
export function composePatches(
  text: string,
  first: readonly TextPatch[],
  second: readonly TextPatch[],
): readonly TextPatch[] {
  const composed: TextPatch[] = []
  const after = applyPatches(text, first)
  const inverse = invertPatches(text, first)
  let a = 0
  let b = 0
  /** By how much `first` made the text longer before its patch `a`. */
  let grown = 0
  // Groups of patches that touch each other in the text between become one patch of the result.
  while (a < first.length || b < second.length) {
    const startA = inverse[a]?.start ?? Number.POSITIVE_INFINITY
    const startB = second[b]?.start ?? Number.POSITIVE_INFINITY
    const start = Math.min(startA, startB)
    let end = start
    const fromA = a
    const fromB = b
    for (;;) {
      const nextA = inverse[a]
      const nextB = second[b]
      if (nextA && nextA.start <= end) {
        end = Math.max(end, nextA.end)
        a++
      } else if (nextB && nextB.start <= end) {
        end = Math.max(end, nextB.end)
        b++
      } else break
    }
    const old = applyPatches(after.slice(start, end), shifted(inverse.slice(fromA, a), -start))
    const text2 = applyPatches(after.slice(start, end), shifted(second.slice(fromB, b), -start))
    const from = start - grown
    grown += growth(first.slice(fromA, a))
    composed.push({ start: from, end: from + old.length, text: text2 })
  }
  return composed
}

function shifted(patches: readonly TextPatch[], by: number): readonly TextPatch[] {
  return patches.map((patch) => ({ ...patch, start: patch.start + by, end: patch.end + by }))
}

/** By how much the text got longer. */
function growth(patches: readonly TextPatch[]): number {
  return patches.reduce((sum, patch) => sum + patch.text.length - (patch.end - patch.start), 0)
}

/** The same change with what both ends have in common left out; patches that change nothing vanish. */
export function tightPatches(text: string, patches: readonly TextPatch[]): readonly TextPatch[] {
  return patches.flatMap((patch) => {
    const old = text.slice(patch.start, patch.end)
    const shorter = Math.min(old.length, patch.text.length)
    let head = 0
    while (head < shorter && old[head] === patch.text[head]) head++
    let tail = 0
    while (tail < shorter - head && old[old.length - 1 - tail] === patch.text[patch.text.length - 1 - tail]) tail++
    if (head === old.length && head === patch.text.length) return []
    return [
      { start: patch.start + head, end: patch.end - tail, text: patch.text.slice(head, patch.text.length - tail) },
    ]
  })
}
