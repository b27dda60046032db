/** What became of a text, by lines: those taken out and those put in, in order (longest common subsequence). */
export function changedLines(before: string, after: string): { readonly removed: string[]; readonly added: string[] } {
  const a = before.split('\n')
  const b = after.split('\n')
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j]
          ? 1 + longest[(i + 1) * width + j + 1]!
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
    }
  }
  const removed: string[] = []
  const added: string[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      removed.push(a[i++]!)
    } else added.push(b[j++]!)
  }
  return { removed, added }
}
