import type { Pipeline } from '../../model/pipeline.ts'

/** Words that end or begin a statement where a node could stand; compared without regard to case. */
const RESERVED = new Set([
  'accdescr',
  'acctitle',
  'call',
  'class',
  'classdef',
  'click',
  'default',
  'direction',
  'end',
  'flowchart',
  'graph',
  'href',
  'interpolate',
  'linkstyle',
  'style',
  'subgraph',
])

/** Mermaid ids of tasks and groups: the id itself where Mermaid can read it, else a near and unique one. */
export function nodeIds(pipeline: Pipeline): { task(id: string): string; group(id: string): string } {
  const taken = new Set<string>()
  const idsOf = (prefix: string, ids: readonly string[]) => {
    const made = new Map<string, string>()
    for (const id of ids) {
      const plain = `${prefix}${id.replace(/[^A-Za-z0-9_]/g, '_')}`
      const readable = RESERVED.has(plain.toLowerCase()) || plain.startsWith('__') ? `n_${plain}` : plain
      let unique = readable
      for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${readable}_${number}`
      taken.add(unique.toLowerCase())
      made.set(id, unique)
    }
    return (id: string) => made.get(id) ?? id
  }
  const task = idsOf(
    '',
    pipeline.tasks.map(({ id }) => id),
  )
  const group = idsOf(
    'group_',
    pipeline.groups.map(({ id }) => id),
  )
  return { task, group }
}

/**
 * A label of one or more lines in quotes. What Mermaid, Markdown or HTML would read as markup becomes a character code
 * (`#35;`), the only escape that Mermaid knows inside quotes.
 */
export function quoted(lines: readonly string[]): string {
  return `"${lines.map(escapeLine).join('<br/>')}"`
}

function escapeLine(line: string): string {
  const oneLine = line.replace(/\s+/g, ' ').trim()
  if (oneLine === '') return ' '
  const escaped = oneLine.replace(/[#"&<>`*\\$~]|\b_|_\b/g, (character) => `#${character.charCodeAt(0)};`)
  // A list marker at the start makes Mermaid refuse the label as unsupported Markdown.
  return escaped.replace(/^(\d+)([.)])|^([-+])/, (_all, digits, mark, bullet) =>
    bullet === undefined ? `${digits}#${mark.charCodeAt(0)};` : `#${bullet.charCodeAt(0)};`,
  )
}
