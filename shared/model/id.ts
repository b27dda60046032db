/** Ids of pipelines, tasks, groups and notes. */
export const ID_PATTERN = /^[A-Za-z_][A-Za-z0-9_.-]*$/
export const ID_MAX_LENGTH = 200
export const ID_RULE = 'must begin with a letter or `_` and go on with letters, digits, `_`, `.` or `-` (at most 200)'

export function isId(text: string): boolean {
  return text.length <= ID_MAX_LENGTH && ID_PATTERN.test(text)
}

/** The nearest valid id: what cannot stand in one becomes `_`. Never empty. */
export function idFrom(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^[_.-]+|[_.-]+$/g, '')
    .slice(0, ID_MAX_LENGTH)
  if (plain === '') return 'task'
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`.slice(0, ID_MAX_LENGTH)
}

/** `base`, or `base_2`, `base_3`, …: the first that no taken id equals, upper and lower case alike. */
export function freeId(base: string, taken: Iterable<string>): string {
  const used = new Set<string>()
  for (const id of taken) used.add(id.toLowerCase())
  if (!used.has(base.toLowerCase())) return base
  const stem = base.slice(0, ID_MAX_LENGTH - 8).replace(/_\d+$/, '')
  let number = 2
  while (used.has(`${stem}_${number}`.toLowerCase())) number++
  return `${stem}_${number}`
}
