/** Where the first rows of an attempt's last query lie, as a `DataPreview`: beside its log. */
export function resultPathOf(log: string): string {
  return log.replace(/\.log$/, '.result.json')
}
