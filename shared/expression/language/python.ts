import { type Scanner, Walk } from './place.ts'

const OPENING = /(?<prefix>[rbfutRBFUT]{0,2})(?<quotes>"""|'''|"|')/y

/** Python: comments and strings of every prefix, short and long. A value inside an f-string is still inside a string. */
export const scanPython: Scanner = (source, holes) => {
  const walk = new Walk(source, holes)
  while (!walk.done) {
    if (walk.takeHole('code')) continue
    OPENING.lastIndex = walk.at
    const opening = OPENING.exec(source)
    if (opening?.groups) {
      walk.at += opening[0].length
      // Even in a raw string a backslash keeps the quote after it from closing.
      walk.takeUntil(opening.groups.quotes, 'string', { escaping: '\\' })
    } else if (walk.character === '#') walk.takeLine('comment')
    else walk.at++
  }
  return walk.places
}
