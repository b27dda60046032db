import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlainEntry } from './plain-entry.ts'
import { readSource } from './source.ts'

/** As the YAML reader reads it; null where it finds fault. */
function byYaml(text: string): unknown {
  const { sound, problems, targets, value } = readSource(text)
  return sound && problems.length === 0 && targets.size === 0 ? value : null
}

const byHand = (text: string) => {
  const entry = readPlainEntry(text, 0)
  return entry && Object.assign(Object.create(null), { [entry.key]: entry.value })
}

const words = fc.constantFrom(
  ...[
    'x',
    'load_all',
    'a-b',
    'a b',
    'true',
    'True',
    'null',
    'NULL',
    '~',
    '.inf',
    '.5',
    '1',
    '-1',
    '-0',
    '5s',
    '1h30m',
    '1d',
    '5 s',
    '1e',
    '0',
    '007',
  ],
  ...['1.50', '1.', '1e3', '0x1f', '0o7', '1_000', '123456789012345', '1234567890123456789', '2024-01-01', '3.12.1'],
  ...["'q'", "'it''s'", "'", '"d"', '"a\\nb"', '"', "'a: b # c'", '"[x], {y}"', 'x:y', 'x: y', 'http://h/p', 'x#y'],
  ...['x # y', '# y', '*a', '&a x', '!t x', '|', '|-', '|+', '>', '%x', '@x', '`x', '-', '- x', '--x', '?', '? x', ':'],
  ...[
    'x,y',
    'x]',
    '[x',
    '{x',
    '}',
    ',',
    '',
    ' ',
    'é',
    '🚀',
    '\u2028',
    '\t',
    'x\ty',
    'x ',
    '<<',
    '$(ls) | wc',
    '=',
    '/tmp',
  ],
)
const key = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c_1', 'd.e', 'needs', 'run') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('null', 'True', '<<', '1', '__proto__', '"q"', '? a', 'a b', '&k a', '', '-'),
  },
)
const spaces = fc.constantFrom('', ' ', ' ', ' ', '  ')

const { flow } = fc.letrec<{ flow: string }>((tie) => ({
  flow: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    words,
    fc
      .tuple(fc.array(fc.tuple(key, spaces, tie('flow')), { maxLength: 3 }), spaces, spaces)
      .map(([items, before, after]) => {
        const entries = items.map(([name, gap, value]) => `${name}:${gap}${value}`)
        return `{${before}${entries.join(`,${after}`)}${after}}`
      }),
    fc
      .tuple(fc.array(tie('flow'), { maxLength: 3 }), spaces, spaces)
      .map(([items, before, after]) => `[${before}${items.join(`${after},${before}`)}${after}]`),
  ),
}))

/** Lines behind a key. */
const block: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: flow.map((value) => ` ${value}`) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom('  ', '  ', '  ', '    ', '', ' '),
          key,
          flow,
          fc.constantFrom('', '', ' # c', '\n', '\n  # c'),
        ),
      )
      .map((lines) => `\n${lines.map(([pad, name, value, end]) => `${pad}${name}: ${value}${end}`).join('\n')}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('', '  ', '  ', '    '), fc.array(flow, { minLength: 1, maxLength: 3 }))
      .map(([pad, items]) => `\n${items.map((item) => `${pad}- ${item}`).join('\n')}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('|', '|-', '|', '|+', '>', '|2'),
        fc.array(
          fc.tuple(fc.constantFrom('  ', '  ', '    ', ' ', ''), fc.constantFrom('echo', '# x', '', 'a: b', '"', ' ')),
          { maxLength: 5 },
        ),
      )
      .map(([mark, lines]) => ` ${mark}\n${lines.map(([pad, line]) => pad + line).join('\n')}`),
  },
)
const entry = fc
  .tuple(key, block, fc.constantFrom('', '\n', '\n', '\n\n', '\n# end\n', '\n  # end\n', '\n  \n'))
  .map(([name, value, end]) => `${name}:${value}${end}`)
const nested = fc
  .tuple(key, fc.array(entry, { minLength: 1, maxLength: 3 }))
  .map(([name, entries]) => `${name}:\n${entries.map((text) => text.replace(/^(?=.)/gm, '  ')).join('\n')}\n`)

describe('an entry in the plain style', () => {
  it('says what the reader of YAML says it does, wherever it is read at all', () => {
    let plain = 0
    fc.assert(
      fc.property(fc.oneof(entry, nested), (text) => {
        const value = byHand(text)
        if (value === null) return
        plain++
        expect(value, JSON.stringify(text)).toEqual(byYaml(text))
      }),
      { numRuns: Number(process.env.DAGWRIGHT_SEEDS ?? 5000) },
    )
    // About a tenth of them.
    expect(plain).toBeGreaterThan(100)
  })

  it.each([
    "t1: { kind: shell, shell: sh, run: ':', needs: [] }\n",
    't1: { kind: shell, run: "echo 1", needs: [t0, t2], retries: { limit: 3, delay: 5s }, timeout: 90 }',
    't1:\n  kind: shell\n  run: python load.py --day "${{ run.logicalDate }}"\n  needs: [a, b]\n\n# the next\n',
    't1:\n  kind: python\n  code: |\n    import os\n\n    if x:\n      print(1) # no comment\n  needs:\n    - a\n    - b\n  env:\n    A: 1.5\n    # why\n    B: true\n',
    'dagwright: 1\n',
    'canvas:\n  t0: [0, -240]\n  t1: [240, 0.5]\n',
  ])('reads %j', (text) => {
    expect(readPlainEntry(text, 0)).not.toBeNull()
    expect(byHand(text)).toEqual(byYaml(text))
  })

  it('reads one entry only, at its place', () => {
    expect(readPlainEntry('  a: 1\n', 2)).toEqual({ key: 'a', value: 1 })
    expect(readPlainEntry('  a: 1\n', 0)).toBeNull()
    expect(readPlainEntry('a: 1\nb: 2\n', 0)).toBeNull()
    expect(readPlainEntry('', 0)).toBeNull()
  })
})
