/**
 * Number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
 * (optimal string alignment distance). Words are compared as lower case.
 */
function distance(left: string, right: string): number {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  let older: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let best = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) best = Math.min(best, older[column - 2]! + 1)
      current.push(best)
    }
    older = previous
    previous = current
  }
  return previous[b.length]!
}

/** The candidate that was most likely meant, or undefined where none is near. Ties: the earlier one. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // One letter of a short word is most of it: there only upper and lower case are forgiven.
  const limit = word.length < 3 ? 0 : Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue
    const found = distance(word, candidate)
    if (found < bestDistance) {
      best = candidate
      bestDistance = found
    }
  }
  return best
}

/** "Did you mean `clean`?", or the fallback where nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise: string): string {
  const found = nearest(word, candidates)
  return found === undefined ? otherwise : `Did you mean \`${found}\`?`
}
