/** Ids hold letters, digits, `_`, `.` and `-` and begin with a letter or `_`; some systems reserve a few names. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** A file name made from an id of a pipeline, at most 120 characters before the extension. */
export function fileName(id: string, extension: string): string {
  const safe = id.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 120)
  return `${RESERVED.test(safe) ? `_${safe}` : safe}${extension}`
}
