import { type Scanner, type Span, Walk } from './place.ts'

/** A `/` after one of these begins a regular expression, after anything else it divides. */
const BEFORE_REGEXP = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|void|delete|throw|new|do|else))\s*$/

/** JavaScript: comments, strings, template strings with code within, regular expressions. */
export const scanJavascript: Scanner = (source, holes) => {
  const walk = new Walk(source, holes)
  /** Open braces of each template string's `${` that we are inside of. */
  const templates: number[] = []
  while (!walk.done) {
    if (walk.takeHole('code')) continue
    const { character } = walk
    if (walk.sees('//')) walk.takeLine('comment')
    else if (walk.sees('/*')) walk.takeUntil('*/', 'comment')
    else if (character === '/' && BEFORE_REGEXP.test(codeBefore(walk, holes))) takeRegexp(walk)
    else if (character === '"' || character === "'") {
      walk.at++
      walk.takeUntil(character, 'string', { escaping: '\\' })
    } else if (character === '`') {
      walk.at++
      takeTemplate(walk, templates)
    } else if (character === '{' && templates.length > 0) {
      templates[templates.length - 1]++
      walk.at++
    } else if (character === '}' && templates.length > 0) {
      walk.at++
      if (templates[templates.length - 1]-- === 0) {
        templates.pop()
        takeTemplate(walk, templates)
      }
    } else walk.at++
  }
  return walk.places
}

/** The code just before, with a value in place of a hole. */
function codeBefore(walk: Walk, holes: readonly Span[]): string {
  const last = holes[walk.places.length - 1]
  const start = Math.max(0, walk.at - 40, last?.end ?? 0)
  return (last?.end === start ? 'value' : '') + walk.source.slice(start, walk.at)
}

/** Up to the closing backtick, or up to a `${`, after which code goes on. */
function takeTemplate(walk: Walk, templates: number[]): void {
  while (!walk.done) {
    if (walk.takeHole('string')) continue
    if (walk.character === '\\') walk.at += 2
    else if (walk.character === '`') {
      walk.at++
      return
    } else if (walk.sees('${')) {
      templates.push(0)
      walk.at += 2
      return
    } else walk.at++
  }
}

function takeRegexp(walk: Walk): void {
  let inClass = false
  walk.at++
  while (!walk.done && walk.character !== '\n') {
    if (walk.takeHole('string')) continue
    const { character } = walk
    if (character === '\\') walk.at++
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    walk.at++
    if (character === '/' && !inClass) return
  }
}
