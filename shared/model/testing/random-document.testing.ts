import fc from 'fast-check'
import type { Json } from '../pipeline.ts'
import { recordOf } from '../reading.ts'

/** Texts of valid pipeline files in many styles: block and flow, comments everywhere, CRLF, BOM, anchors, blank lines. */
export interface RandomDocument {
  readonly text: string
  readonly ids: readonly string[]
}

const IDS = ['a', 'b', 'load_all', 'c-1', 'd.x', '__proto__', 'constructor', 'z9']

const awkwardText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom(
    'true',
    'null',
    '~',
    '12',
    '0x1f',
    '1e3',
    '- a',
    'a: b',
    'a #b',
    '# x',
    '*a',
    '&a',
    '!x',
    '<<',
    '---',
    "it's",
    '"q"',
    'line\nbreak',
    'code\n  indented\n',
    '  leading\nx',
    'trailing \nx\n',
    '\n\nx',
    'x\n\n\n',
    'a\r\nb',
    '\ttab\n',
    'ünï 🚀',
    '${{ params.p }}',
    '[x',
    '{x',
    'x,y',
    ' ',
    '',
    'yes',
    '2024-01-01',
    '%x',
    '@x',
    '`x',
    'a\n \nb',
    'a\n  ',
    '#c\nx\n',
  ),
)

export const fieldValue = fc.oneof(
  { weight: 4, arbitrary: awkwardText },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.array(awkwardText, { maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.oneof(fc.constantFrom('A', 'B', '__proto__', 'x y', 'a: b', '1', '<<', ''), awkwardText),
      awkwardText,
      { maxKeys: 4 },
    ),
  },
  { weight: 1, arbitrary: fc.array(fc.record({ task: awkwardText, when: awkwardText }), { maxLength: 3 }) },
)

interface Style {
  readonly flowTask: boolean
  readonly needs: 'flow' | 'block' | 'same-indent' | 'objects'
  readonly comments: boolean
  readonly blank: boolean
  readonly code: 'block' | 'strip' | 'keep' | 'quoted' | 'plain'
  readonly retries: 'none' | 'alias' | 'merge' | 'flow'
}

const style: fc.Arbitrary<Style> = fc.record({
  flowTask: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  needs: fc.constantFrom('flow', 'block', 'same-indent', 'objects'),
  comments: fc.boolean(),
  blank: fc.boolean(),
  code: fc.constantFrom('block', 'strip', 'keep', 'quoted', 'plain'),
  retries: fc.constantFrom('none', 'none', 'alias', 'merge', 'flow'),
})

export const randomDocument: fc.Arbitrary<RandomDocument> = fc
  .record({
    count: fc.integer({ min: 1, max: 6 }),
    styles: fc.array(style, { minLength: 6, maxLength: 6 }),
    edges: fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }),
    crlf: fc.boolean(),
    bom: fc.boolean(),
    finalBreak: fc.boolean(),
    canvas: fc.constantFrom('none', 'block', 'flow'),
    groups: fc.constantFrom('none', 'block', 'flow'),
    wide: fc.boolean(),
    flowTasks: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .map((choice) => {
    const ids = IDS.slice(0, choice.count)
    const pad = choice.wide ? '    ' : '  '
    const lines = [
      '# head',
      'dagwright: 1',
      'id: random # the id',
      '',
      'defaults: &base',
      `${pad}retries: &retry { limit: 2 }`,
      '',
    ]
    const needsOf = (index: number) => ids.slice(0, index).filter((_, upstream) => choice.edges[index * 6 + upstream])
    if (choice.flowTasks) {
      const tasks = ids.map((id, index) => `${id}: { kind: noop, needs: [${needsOf(index).join(', ')}] }`)
      lines.push(`tasks: { ${tasks.join(', ')} } # all of them`)
    } else {
      lines.push('tasks:')
      for (const [index, id] of ids.entries()) lines.push(...taskLines(id, needsOf(index), choice.styles[index]!, pad))
    }
    lines.push('')
    if (choice.groups === 'block')
      lines.push('groups:', `${pad}g1:`, `${pad}${pad}tasks:`, `${pad}${pad}${pad}- ${ids[0]} # first`)
    if (choice.groups === 'flow') lines.push(`groups: { g1: { name: One, tasks: [${ids.join(', ')}] } }`)
    if (choice.canvas === 'block')
      lines.push('canvas: # places', ...ids.slice(0, 3).map((id, at) => `${pad}${id}: [${at * 240}, 0]`))
    if (choice.canvas === 'flow') lines.push(`canvas: { ${ids[0]}: [0, 0] }`)
    const eol = choice.crlf ? '\r\n' : '\n'
    return { text: (choice.bom ? '\ufeff' : '') + lines.join(eol) + (choice.finalBreak ? eol : ''), ids }
  })

function taskLines(id: string, needs: readonly string[], chosen: Style, pad: string): readonly string[] {
  const inner = pad + pad
  const lines: string[] = []
  if (chosen.blank) lines.push('')
  if (chosen.comments) lines.push(`${pad}# above ${id}`)
  if (chosen.flowTask) {
    lines.push(
      `${pad}${id}: {kind: shell, run: "echo 1", needs: [${needs.join(', ')}]}${chosen.comments ? ' # flow' : ''}`,
    )
    return lines
  }
  lines.push(`${pad}${id}:${chosen.comments ? ' # at key' : ''}`)
  if (chosen.retries === 'merge') lines.push(`${inner}<<: *base`)
  lines.push(`${inner}kind: shell${chosen.comments ? '   # kind' : ''}`)
  if (chosen.retries === 'alias') lines.push(`${inner}retries: *retry`)
  if (chosen.retries === 'flow') lines.push(`${inner}retries: {limit: 3, delay: 5s} # retry`)
  if (needs.length > 0) lines.push(...needsLines(needs, chosen, inner, pad))
  const code: Readonly<Record<Style['code'], readonly string[]>> = {
    block: [`${inner}run: |${chosen.comments ? ' # code' : ''}`, `${inner}${pad}echo a`, '', `${inner}${pad}  echo b`],
    strip: [`${inner}run: |-`, `${inner}${pad}echo a`],
    keep: [`${inner}run: |+`, `${inner}${pad}echo a`, ''],
    quoted: [`${inner}run: "echo \\"a\\""${chosen.comments ? ' # said' : ''}`],
    plain: [`${inner}run: echo a`],
  }
  lines.push(...code[chosen.code])
  if (chosen.comments && chosen.code !== 'keep') lines.push(`${inner}# below ${id}`)
  return lines
}

function needsLines(needs: readonly string[], chosen: Style, inner: string, pad: string): readonly string[] {
  const said = chosen.comments ? ' # why' : ''
  switch (chosen.needs) {
    case 'flow':
      return [`${inner}needs: [${needs.join(', ')}]${said}`]
    case 'block':
      return [`${inner}needs:${said}`, ...needs.map((need) => `${inner}${pad}- ${need}${said}`)]
    case 'same-indent':
      return [`${inner}needs:`, ...needs.map((need) => `${inner}- ${need}${said}`)]
    case 'objects':
      return [
        `${inner}needs:`,
        ...needs.flatMap((need) => [`${inner}${pad}- task: ${need}${said}`, `${inner}${pad}  when: \${{ 1 > 0 }}`]),
      ]
  }
}

/** What a person does to a text: types or deletes somewhere, moves, doubles or takes out lines, brings in what is odd. */
export const randomEdits: fc.Arbitrary<readonly ((text: string) => string)[]> = fc.array(
  fc
    .record({
      from: fc.double({ min: 0, max: 0.999, noNaN: true }),
      length: fc.nat({ max: 12 }),
      kind: fc.constantFrom('insert', 'insert', 'delete', 'replace', 'doubleLine', 'deleteLine', 'indent'),
      put: fc.oneof(
        fc.constantFrom(
          'x',
          ' ',
          '\n',
          '\n  ',
          '\n  new: { kind: noop }\n',
          '\ntags: [a]\n',
          '#',
          ':',
          '"',
          '{',
          '- ',
          '\t',
        ),
        fc.constantFrom(
          '*base',
          '&x ',
          '<<: *base',
          '---\n',
          '\r\n',
          '|',
          '|+\n',
          '\ufeff',
          '? ',
          '!t ',
          '0',
          '\0',
          '.inf',
        ),
        awkwardText,
      ),
    })
    .map(({ from, length, kind, put }) => (text: string) => {
      const at = Math.floor(from * text.length)
      const lines = text.split('\n')
      const line = Math.floor(from * lines.length)
      switch (kind) {
        case 'insert':
          return text.slice(0, at) + put + text.slice(at)
        case 'delete':
          return text.slice(0, at) + text.slice(at + length)
        case 'replace':
          return text.slice(0, at) + put + text.slice(at + length)
        case 'doubleLine':
          return lines.toSpliced(line, 0, lines[line]!).join('\n')
        case 'deleteLine':
          return lines.toSpliced(line, 1).join('\n')
        case 'indent':
          return lines.with(line, ` ${lines[line]}`).join('\n')
      }
    }),
  { maxLength: 6 },
)

/** Ids of the tasks that are not the same object in both: values of sources, or tasks by id. */
export function differingTasks(before: Json, after: Json): readonly string[] {
  const tasksOf = (value: Json) => recordOf(recordOf(value).tasks)
  const earlier = tasksOf(before)
  return Object.entries(tasksOf(after)).flatMap(([id, task]) => (earlier[id] === task ? [] : [id]))
}
