/**
 * JSON that does not depend on the order in which keys were set; Maps are written as objects. For comparing and hashing,
 * not for reading back.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    const entries = part instanceof Map ? [...part] : Object.entries(part)
    const sorted = (entries as [string, unknown][]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return sorted.length > 0 && sorted.some(([key]) => key === '__proto__')
      ? { entries: sorted }
      : Object.fromEntries(sorted)
  })
}
