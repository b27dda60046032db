import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml'
import { type PipelineDocument, parseDocument } from './document.ts'
import { readSource, type Source } from './source.ts'
import { readLargeSource, rereadSource } from './source-parts.ts'
import { differingTasks, randomDocument, randomEdits } from './testing/random-document.testing.ts'

/** All that readers of a syntax tree look at. */
function shapeOf(node: unknown): unknown {
  if (isPair(node)) return [shapeOf(node.key), shapeOf(node.value)]
  if (isAlias(node)) return { alias: node.source, range: node.range }
  if (isMap(node) || isSeq(node)) {
    return { range: node.range, flow: node.flow, tag: node.tag, anchor: node.anchor, items: node.items.map(shapeOf) }
  }
  if (!isScalar(node)) return node
  const { range, type, value, source, tag, anchor } = node
  return { range, type, value, source, tag, anchor }
}

function factsOf(source: Source): unknown {
  const { text, lines, value, problems, sound, targets } = source
  return { text, lines, value, problems, sound, targets: targets.size, tree: shapeOf(source.root) }
}

function meaningOf(document: PipelineDocument): unknown {
  const { text, pipeline, problems, editable } = document
  const tasks = pipeline?.tasks ?? []
  const places = tasks.map(({ id }) => [document.locate(['tasks', id]), document.locate(['tasks', id, 'needs', 0])])
  return { text, pipeline, problems, editable, places, at: [0, 40, 80, 120].map((offset) => document.taskAt(offset)) }
}

describe('parsing a document after a change', () => {
  const sharedPools = new Map([['db', 2]])
  const sample = readFileSync(join(import.meta.dirname, '../samples/flights/flight_delays.dag.yaml'), 'utf8')
  const small = [
    'dagwright: 1',
    'id: p',
    'params: { p: { default: 1 }, unused: { default: x } }',
    'env: { V: 3.10, W: "${{ params.p }}" }',
    'defaults: { timeout: 5m, env: { A: 1.50 }, pool: db }',
    'tasks:',
    '  a: { kind: shell, run: "echo ${{ params.p }}", env: { B: 2.0 } }',
    '  b:',
    '    kind: sql',
    '    needs: [a, missing, a]',
    '    sql: select ${{ tasks.a.outputs.x }}',
    '    poll: other',
    '  c: { kind: shel, run: x, needs: [b], when: "${{ tasks.a }}", forEach: { each: b } }',
    '  d: { kind: noop, needs: [c, d], retries: null, future: 1 }',
    'groups: { g: { tasks: [a, b, z] } }',
    'canvas:',
    '  a: [0, 0]',
    '  gone: [1, x]',
    '',
  ].join('\n')

  it('gives what parsing it gives, edit after edit', () => {
    const texts = fc.oneof(
      randomDocument.map(({ text }) => text),
      fc.constantFrom(sample, small, small.replaceAll('\n', '\r\n')),
    )
    fc.assert(
      fc.property(texts, randomEdits, (text, edits) => {
        let document = parseDocument(text, { sharedPools })
        for (const edit of edits) {
          document = parseDocument(edit(document.text), { sharedPools, previous: document })
          const whole = parseDocument(document.text, { sharedPools })
          expect(meaningOf(document), JSON.stringify(document.text)).toEqual(meaningOf(whole))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('keeps the tasks that the change leaves alone', () => {
    const before = parseDocument(sample)
    const after = parseDocument(sample.replace('kind: python', 'owner: me\n    kind: python'), { previous: before })
    expect(after.problems).toEqual(parseDocument(after.text).problems)
    const changed = after.pipeline!.tasks.filter((task) => !before.pipeline!.tasks.includes(task))
    expect(changed.map(({ owner }) => owner)).toEqual(['me'])
  })

  it('knows when a change of the defaults is one of every task', () => {
    const before = parseDocument(small)
    const after = parseDocument(small.replace('timeout: 5m', 'timeout: 6m'), { previous: before })
    expect(after.pipeline).toEqual(parseDocument(after.text).pipeline)
    expect(after.pipeline!.tasks[0]!.timeout).toBe(360_000_000)
  })
})

describe('reading a large source', () => {
  it('gives what reading it as a whole gives', () => {
    fc.assert(
      fc.property(randomDocument, randomEdits, ({ text }, edits) => {
        let changed = text
        for (const edit of [(same: string) => same, ...edits]) {
          changed = edit(changed)
          expect(factsOf(readLargeSource(changed)), JSON.stringify(changed)).toEqual(factsOf(readSource(changed)))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('gives it for the samples', () => {
    const folder = join(import.meta.dirname, '../samples')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.dag.yaml'),
    )
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8')
      expect(factsOf(readLargeSource(text)), file).toEqual(factsOf(readSource(text)))
    }
  })
})

describe('rereading a source', () => {
  it('gives what reading it gives, edit after edit', () => {
    fc.assert(
      fc.property(randomDocument, randomEdits, ({ text }, edits) => {
        let source = readSource(text)
        for (const edit of edits) {
          source = rereadSource(edit(source.text), source)
          expect(factsOf(source), JSON.stringify(source.text)).toEqual(factsOf(readSource(source.text)))
        }
      }),
      { numRuns: 250 },
    )
  })

  const TASKS = Array.from({ length: 20 }, (_, at) => `  t${at}:\n    kind: shell\n    run: |\n      echo ${at}\n`)
  const TEXT = `# head\ndagwright: 1\nid: p\ntasks: # all\n\n  # first\n${TASKS.join('')}# places\ncanvas:\n  t0: [0, 0]\n`

  it('takes over the values of all entries but the changed one', () => {
    const before = readSource(TEXT)
    const after = rereadSource(TEXT.replace('echo 7', 'echo seven\n      echo more'), before)
    expect(differingTasks(before.value, after.value)).toEqual(['t7'])
    expect(factsOf(after)).toEqual(factsOf(readSource(after.text)))
    const broken = rereadSource(after.text.replace('echo 8', 'echo 8\n  "'), after)
    expect(broken.sound).toBe(false)
    const mended = rereadSource(after.text.replace('echo 8', 'echo eight'), broken)
    expect(differingTasks(after.value, mended.value)).toEqual(['t8'])
  })

  it('reads the whole text where an entry speaks of another', () => {
    const text = TEXT.replace('id: p', 'id: &name p')
    const before = readSource(text)
    const after = rereadSource(text.replace('echo 7', 'echo 7\n    owner: *name'), before)
    expect(after.sound).toBe(true)
    expect(factsOf(after)).toEqual(factsOf(readSource(after.text)))
    expect(differingTasks(before.value, after.value)).toHaveLength(20)
  })

  it.each([
    'tasks:\n  a: "x\n  b: y"\n  c: 1\n',
    'tasks: {\n  a: 1,\n  b: 2\n}\n',
    'tasks: |\n  a: 1\n  b: 2\n',
    'tasks: &t\n  a: !x 1\n  b: 2\n',
    'tasks:\n- a\n- b\n',
    'tasks:\n  - a\n  - b\n',
    'tasks:\n  ? a\n  : 1\n  b: 2\n',
    'tasks:\n  a:\n  - 1\n  b:\n',
    'tasks:\n  a: |+\n    x\n\n\n  # y\nid: p\n\n# z\n',
    'tasks:\n    a: 1\n  b: 2\n',
    'tasks:\n  a: 1\n  a: 2\nid: p\nid: q\n',
    'tasks:\n  <<: { a: 1 }\n  b: 2\n',
    '---\ntasks:\n  a: 1\n',
    'tasks:\n  a: 1\n...\n',
    '%YAML 1.2\n---\ntasks:\n  a: 1\n',
    '\ufefftasks:\n  a: 1\n',
    '  tasks:\n    a: 1\n',
    'tasks:\n  a: 1\n\ttab: 2\n',
    'tasks:\n  1: a\n  0: b\n  __proto__: c\nconstructor: d\n',
    'tasks:\n  next-entry: 1\n  a: 2\nnext-entry: 3\n',
    'notes:\n- id: a\n- id: b\ntasks:\n  a: .inf\n  b: 1\n',
    'tasks:\n  a: foo\n   bar\n  b: 1\n',
    'tasks:\n  a: 1\r  b: 2\n',
    '',
    '# nothing\n',
  ])('reads %j as it is read at once, with a letter more at each place', (text) => {
    const before = readSource(text)
    for (let at = 0; at <= text.length; at++) {
      for (const put of ['x', ' ', '\n', '"', '#', ':', '-']) {
        const changed = text.slice(0, at) + put + text.slice(at)
        expect(factsOf(rereadSource(changed, before)), JSON.stringify(changed)).toEqual(factsOf(readSource(changed)))
      }
    }
  })
})
