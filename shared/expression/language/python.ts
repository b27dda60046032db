import { type Scanner, Walk } from './place.ts'

const OPENING = /(?<prefix>[rbfutRBFUT]{0,2})(?<quotes>"""|'''|"|')/y

/** Python: comments and strings of every prefix, short and long. A value inside an f-string is still inside a string. */
export const scanPython: Scanner = (source, holes) => {
  const walk = new Walk(source, holes)
  while (!walk.done) {
    if (walk.takeHole('code') || takeString(walk)) continue
    if (walk.character === '#') walk.takeLine('comment')
    else walk.at++
  }
  return walk.places
}

/** Takes the string that begins here, if one does. */
function takeString(walk: Walk): boolean {
  OPENING.lastIndex = walk.at
  const opening = OPENING.exec(walk.source)
  if (!opening?.groups) return false
  const { prefix, quotes } = opening.groups
  walk.at += opening[0].length
  // Even in a raw string a backslash keeps the quote after it from closing.
  if (/[ft]/i.test(prefix!)) takeFormatted(walk, quotes!)
  else walk.takeUntil(quotes!, 'string', { escaping: '\\' })
  return true
}

/** The rest of an f-string. */
function takeFormatted(walk: Walk, quotes: string): void {
  while (!walk.done) {
    if (walk.takeHole('string')) continue
    if (walk.sees(quotes)) {
      walk.at += quotes.length
      return
    }
    if (walk.sees('{{') || (walk.character === '\\' && walk.source[walk.at + 1] !== '{')) walk.at += 2
    else if (walk.character === '{') takeField(walk, quotes)
    else walk.at++
  }
}

/** `{ … }` of an f-string. Since Python 3.12 the strings in it may have its own quotes (PEP 701). */
function takeField(walk: Walk, quotes: string): void {
  walk.at++
  for (let depth = 0; !walk.done; ) {
    if (walk.takeHole('string') || takeString(walk)) continue
    const { character } = walk
    if (character === '#') {
      walk.takeLine('comment')
      continue
    }
    walk.at++
    if ('([{'.includes(character)) depth++
    else if (depth === 0 && (character === '}' || character === ':')) {
      if (character === ':') takeFormat(walk, quotes)
      return
    } else if (')]}'.includes(character)) depth--
  }
}

/** What stands behind the `:` of a field: quotes are characters like any other there, but for the string's own. */
function takeFormat(walk: Walk, quotes: string): void {
  while (!walk.done && !walk.sees(quotes)) {
    if (walk.takeHole('string')) continue
    if (walk.character === '{') takeField(walk, quotes)
    else if (walk.source[walk.at++] === '}') return
  }
}
