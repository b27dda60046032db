import type { Expression } from './expression.ts'
import { parseTemplate } from './template.ts'

export interface Hidden {
  /** The text with a plain word in place of every expression that has no value yet. */
  readonly text: string
  /** Puts the hidden expressions back into what was made of the text. */
  restore(rendered: string): string
}

/** So long that nobody's code has it, and a plain word, so that it may stand wherever an expression may. */
const WORD = 'dagwright_known_once_it_runs'

/** Makes a text renderable before a run: expressions that `isKnown` refuses stay as they are written. */
export function hideUnknown(text: string, isKnown: (expression: Expression) => boolean): Hidden {
  const template = parseTemplate(text)
  if (!template.ok) return { text, restore: (rendered) => rendered }
  const hidden: string[] = []
  let shown = ''
  let at = 0
  for (const { start, end, expression } of template.value.holes) {
    if (isKnown(expression)) continue
    shown += `${text.slice(at, start)}${WORD}_${hidden.push(text.slice(start, end))}_`
    at = end
  }
  const words = new RegExp(`${WORD}_(\\d+)_`, 'g')
  return {
    text: shown + text.slice(at),
    restore: (rendered) => rendered.replace(words, (_, number: string) => hidden[Number(number) - 1] ?? ''),
  }
}
