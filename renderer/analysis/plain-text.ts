/** A sentence whose names stand in backticks, where they can't be set in another font. */
export function plainText(text: string): string {
  return text.replaceAll('`', '')
}
