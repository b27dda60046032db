import { type Scanner, Walk } from './place.ts'

/** A tag may be of any letters beyond ASCII, too. */
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y

/** SQL as DuckDB and PostgreSQL read it: both quotes (doubled inside), dollar quotes, nested block comments. */
export const scanSql: Scanner = (source, holes) => {
  const walk = new Walk(source, holes)
  while (!walk.done) {
    if (walk.takeHole('code')) continue
    const { character } = walk
    if (walk.sees('--')) walk.takeLine('comment')
    else if (walk.sees('/*')) takeBlockComment(walk)
    else if (character === "'" || character === '"') {
      const escapes = character === "'" && /(?:^|\W)[eE]$/.test(source.slice(Math.max(0, walk.at - 2), walk.at))
      walk.at++
      walk.takeUntil(character, 'string', { doubled: true, escaping: escapes ? '\\' : '' })
    } else if (character === '$') {
      DOLLAR.lastIndex = walk.at
      const tag = DOLLAR.exec(source)?.[0]
      walk.at += tag?.length ?? 1
      if (tag) walk.takeUntil(tag, 'string')
    } else walk.at++
  }
  return walk.places
}

function takeBlockComment(walk: Walk): void {
  let depth = 0
  do {
    if (walk.takeHole('comment')) continue
    if (walk.sees('/*')) depth++
    else if (walk.sees('*/')) depth--
    else {
      walk.at++
      continue
    }
    walk.at += 2
  } while (depth > 0 && !walk.done)
}
