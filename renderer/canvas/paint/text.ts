/** Text on a canvas: cut and broken as CSS does it. What was worked out is kept, for the same words come every frame. */

/** Kept results; all are dropped when there are more. */
const MOST_KEPT = 20_000
const cut = new Map<string, string>()
const broken = new Map<string, readonly string[]>()

export function forgetTextWidths(): void {
  cut.clear()
  broken.clear()
}

const FONT = '"Inter Variable", system-ui, sans-serif'
/** The font that each context has: to set it anew, or to ask for it, takes the browser longer than to write a word. */
const fonts = new WeakMap<CanvasRenderingContext2D, string>()

/** In pixels; `spacing` between letters as a share of the size. */
export function setFont(context: CanvasRenderingContext2D, weight: number, size: number, spacing: number): void {
  setFamily(context, `${weight} ${size}px ${FONT}`, `${(spacing * size).toFixed(3)}px`)
}

export function setFamily(context: CanvasRenderingContext2D, font: string, spacing = '0px'): void {
  const key = `${font} ${spacing}`
  if (fonts.get(context) === key) return
  fonts.set(context, key)
  context.font = font
  context.letterSpacing = spacing
}

/** The context lost its state, as it does when its canvas gets another size. */
export function forgetFont(context: CanvasRenderingContext2D): void {
  fonts.delete(context)
}

/** The text, or as much of its beginning as fits into `width` with an ellipsis. In the context's present font. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${fonts.get(context)}\n${Math.round(width)}\n${text}`
  const known = cut.get(key)
  if (known !== undefined) return known
  let result = text
  if (context.measureText(text).width > width) {
    const letters = [...text]
    let [fits, tooLong] = [0, letters.length]
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1
      if (context.measureText(`${letters.slice(0, middle).join('')}…`).width <= width) fits = middle
      else tooLong = middle
    }
    result = `${letters.slice(0, fits).join('').trimEnd()}…`
  }
  keep(cut, key, result)
  return result
}

/** At most two lines of at most `width`: broken after spaces and signs, within a word only where it alone is too long. */
export function twoLines(context: CanvasRenderingContext2D, text: string, width: number): readonly string[] {
  const key = `${fonts.get(context)}\n${Math.round(width)}\n${text}`
  const known = broken.get(key)
  if (known) return known
  const first = lineOf(context, text, width)
  const rest = text.slice(first.length).trimStart()
  const lines = rest === '' ? [first] : [first.trimEnd(), fitted(context, rest, width)]
  keep(broken, key, lines)
  return lines
}

function lineOf(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let line = ''
  for (const piece of text.split(/(?<=[\s\-_.])/)) {
    if (context.measureText((line + piece).trimEnd()).width > width) break
    line += piece
  }
  if (line !== '') return line
  for (const letter of text) {
    if (line !== '' && context.measureText(line + letter).width > width) break
    line += letter
  }
  return line
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST_KEPT) map.clear()
  map.set(key, value)
}
