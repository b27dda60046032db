/** As many rows as a preview is asked for. */
export const PREVIEW_ROWS = 1000

/** How much of a table is shown. `total`: null where it was not counted. */
export function rowsText(shown: number, total: number | null): string {
  const count = (rows: number) => `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`
  if (total === null) return shown < PREVIEW_ROWS ? count(shown) : `first ${count(shown)}`
  return shown < total ? `first ${shown.toLocaleString('en')} of ${count(total)}` : count(total)
}
