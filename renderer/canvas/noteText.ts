/** The lines of a note without the marks of Markdown, where it can only be written plainly. */
export function noteLines(text: string): readonly string[] {
  return text.replace(/[*_`#>]/g, '').split('\n')
}
