import { type Scanner, Walk } from './place.ts'

/** PowerShell: both kinds of quotes (doubled inside), here-strings, line and block comments. */
export const scanPowershell: Scanner = (source, holes) => {
  const walk = new Walk(source, holes)
  while (!walk.done) {
    if (walk.takeHole('code')) continue
    if (walk.character === '`') walk.at += 2
    else if (walk.sees('<#')) walk.takeUntil('#>', 'comment')
    else if (walk.character === '#') walk.takeLine('comment')
    else if (walk.sees("@'")) walk.takeUntil("\n'@", 'string')
    else if (walk.sees('@"')) walk.takeUntil('\n"@', 'expanded', { escaping: '`' })
    else if (walk.character === "'") {
      walk.at++
      walk.takeUntil("'", 'string', { doubled: true })
    } else if (walk.character === '"') {
      walk.at++
      walk.takeUntil('"', 'expanded', { escaping: '`', doubled: true })
    } else walk.at++
  }
  return walk.places
}
