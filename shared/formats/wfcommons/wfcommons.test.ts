import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedDurations } from '../../analysis/basis.ts'
import { pipelineAnalysis } from '../../analysis/summary.ts'
import { acyclicEdges } from '../../graph/graph.testing.ts'
import { parseDocument } from '../../model/document.ts'
import type { Import } from '../format.ts'
import { wfcommonsImporter } from './wfcommons.ts'

const examples = join(import.meta.dirname, 'examples')
const noodles = readFileSync(join(examples, 'noodles.json'), 'utf8')
const options = { id: null, tasks: 'noop' } as const

interface Recorded {
  readonly name: string
  readonly workflow: {
    readonly specification: { readonly tasks: readonly { readonly id: string; readonly parents: readonly string[] }[] }
    readonly execution: { readonly tasks: readonly { readonly id: string; readonly runtimeInSeconds: number }[] }
  }
}

function imported(text: string): Import {
  const result = wfcommonsImporter.import(text, options)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

function pipelineOf(text: string) {
  const { pipeline, problems } = parseDocument(text)
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
  return pipeline!
}

/** The longest chain through each task by asking its parents, and theirs: knows nothing of the file that was written. */
function longestPath({ workflow }: Recorded): number {
  const runtime = new Map(workflow.execution.tasks.map((task) => [task.id, Math.round(task.runtimeInSeconds * 1e6)]))
  const parents = new Map(workflow.specification.tasks.map((task) => [task.id, task.parents]))
  const known = new Map<string, number>()
  const finish = (id: string): number => {
    const found = known.get(id)
    if (found !== undefined) return found
    const end = (runtime.get(id) ?? 0) + Math.max(0, ...parents.get(id)!.map(finish))
    known.set(id, end)
    return end
  }
  return Math.max(...[...parents.keys()].map(finish))
}

function expectExact(text: string): void {
  const recorded = JSON.parse(text) as Recorded
  const { text: written, run } = imported(text)
  const { tasks } = pipelineOf(written)
  expect(tasks).toHaveLength(recorded.workflow.specification.tasks.length)
  const nameOf = new Map(recorded.workflow.specification.tasks.map((task, number) => [task.id, tasks[number]!.id]))
  recorded.workflow.specification.tasks.forEach((task, number) => {
    const needs = tasks[number]!.needs.map((need) => need.task)
    expect(new Set(needs)).toEqual(new Set(task.parents.map((parent) => nameOf.get(parent))))
  })
  for (const basis of ['estimate', 'imported'] as const) {
    const durations = expectedDurations(tasks, new Map(), { type: basis }, new Map(run!.tasks))
    expect(pipelineAnalysis(tasks, durations).makespan).toBe(longestPath(recorded))
  }
}

describe('import of WfFormat', () => {
  it('writes what a person would, and says what is lost', async () => {
    const { text, losses, run } = imported(noodles)
    await expect(text).toMatchFileSnapshot(join(examples, 'noodles.dag.yaml'))
    await expect(`${JSON.stringify(losses, null, 2)}\n`).toMatchFileSnapshot(join(examples, 'losses.json'))
    expect(run).toEqual({
      source: 'wfcommons',
      pipeline: 'noodles',
      recordedAt: '20261121T090000+0000',
      makespan: 700_250_000,
      tasks: [
        ['boil_ID01', 240_500_000],
        ['cook_wheat', 420_000_001],
        ['cook_rice', 0],
        ['serve_ID04', 20_000_000],
      ],
    })
  })

  it('keeps legal ids, and the original of others in the name', () => {
    const { tasks } = pipelineOf(imported(noodles).text)
    expect(tasks.map(({ id, name }) => [id, name])).toEqual([
      ['boil_ID01', 'boil'],
      ['cook_wheat', 'cook (wheat)'],
      ['cook_rice', 'cook (rice)'],
      ['serve_ID04', 'serve'],
      ['SERVE_id04_2', 'SERVE_id04'],
    ])
  })

  it('makes shell tasks of recorded commands only when asked, and none that would be an expression', () => {
    const result = wfcommonsImporter.import(noodles, { id: 'meal', tasks: 'command' })
    const { id, tasks } = pipelineOf(result.ok ? result.value.text : '')
    expect(id).toBe('meal')
    expect(tasks.map((task) => (task.kind === 'shell' ? task.run : task.kind))).toEqual([
      'boil --litres 2 water',
      'noop',
      'noop',
      'noop',
      'noop',
    ])
    expect(tasks[1]!.docs).toContain('${{ not ours }}')
  })

  it('gives a plan as long as the longest chain of recorded run times, whatever the ids', () => {
    const ids = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'null', 'A', 'a', 'b c', '9'), fc.string())
    const workflow = acyclicEdges(9).chain(({ size, edges }) =>
      fc.record({
        ids: fc.uniqueArray(
          ids.filter((id) => id !== ''),
          { minLength: size, maxLength: size },
        ),
        runtimes: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })), {
          minLength: size,
          maxLength: size,
        }),
        edges: fc.constant(edges),
        size: fc.constant(size),
      }),
    )
    fc.assert(
      fc.property(
        workflow.filter(({ size }) => size > 0),
        ({ ids, runtimes, edges }) => {
          const parentsOf = (node: number) => edges.filter(([, to]) => to === node).map(([from]) => ids[from]!)
          expectExact(fileOf(ids, parentsOf, runtimes))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('stands 2,122 tasks in a chain and side by side', () => {
    const ids = Array.from({ length: 2122 }, (_, number) => `task (${number})`)
    const runtimes = ids.map((_, number) => (number % 7) + 0.25)
    expectExact(fileOf(ids, (node) => (node === 0 ? [] : [ids[node - 1]!]), runtimes))
    expectExact(fileOf(ids, (node) => (node === 0 ? [] : [ids[0]!]), runtimes))
  })

  const collection = join(import.meta.dirname, '../../../../shared/data/wfcommons')
  const instances = existsSync(collection) ? readdirSync(collection).filter((name) => name.endsWith('.json')) : []
  it.skipIf(instances.length === 0)('is exact for every recorded workflow at hand', () => {
    for (const name of instances) expectExact(readFileSync(join(collection, name), 'utf8'))
  })
})

function fileOf(
  ids: readonly string[],
  parentsOf: (node: number) => readonly string[],
  runtimes: readonly number[],
): string {
  const specification = { tasks: ids.map((id, node) => ({ id, name: id, parents: parentsOf(node) })) }
  const execution = { tasks: ids.map((id, node) => ({ id, runtimeInSeconds: runtimes[node]! })) }
  return JSON.stringify({ name: 'made', schemaVersion: '1.5', workflow: { specification, execution } })
}

describe('files that cannot be imported', () => {
  type Edit = (file: {
    schemaVersion: unknown
    workflow: { specification: { tasks: Record<string, unknown>[] }; execution: { tasks: Record<string, unknown>[] } }
  }) => void
  const changed = (edit: Edit) => {
    const file = JSON.parse(noodles)
    edit(file)
    return JSON.stringify(file)
  }
  const cases: readonly (readonly [name: string, text: string, code: string, place: string])[] = [
    ['text that is not JSON', '{\n "a": }', 'NOT_JSON', 'Unexpected token'],
    ['a file that was cut off', noodles.slice(0, 400), 'NOT_JSON', 'JSON'],
    ['an empty file', '', 'NOT_JSON', 'end of JSON'],
    ['no object', '[1]', 'UNKNOWN_VERSION', 'schemaVersion'],
    [
      'WfFormat 1.4',
      changed((file) => {
        file.schemaVersion = '1.4'
      }),
      'UNKNOWN_VERSION',
      '1.4',
    ],
    [
      'a parent that does not exist',
      changed((file) => {
        file.workflow.specification.tasks[1]!.parents = ['gone']
      }),
      'UNKNOWN_TASK',
      '`workflow.specification.tasks[1].parents[0]` names "gone"',
    ],
    [
      'a task that is its own parent',
      changed((file) => {
        file.workflow.specification.tasks[3]!.parents = ['serve_ID04']
      }),
      'CYCLE',
      'serve_ID04 → serve_ID04',
    ],
    [
      'a cycle',
      changed((file) => {
        file.workflow.specification.tasks[0]!.parents = ['serve_ID04']
      }),
      'CYCLE',
      'boil_ID01 → cook (wheat) → serve_ID04 → boil_ID01',
    ],
    [
      'one id twice',
      changed((file) => {
        file.workflow.specification.tasks[4]!.id = 'boil_ID01'
      }),
      'DUPLICATE_ID',
      '`workflow.specification.tasks[4].id` is "boil_ID01"',
    ],
    [
      'two records of one task',
      changed((file) => {
        file.workflow.execution.tasks[4]!.id = 'boil_ID01'
      }),
      'DUPLICATE_ID',
      '`workflow.execution.tasks[4].id`',
    ],
    [
      'a negative run time',
      changed((file) => {
        file.workflow.execution.tasks[0]!.runtimeInSeconds = -1
      }),
      'BAD_SHAPE',
      '`workflow.execution.tasks[0].runtimeInSeconds` must be a number of seconds, not below 0',
    ],
    [
      'a run time that is a text',
      changed((file) => {
        file.workflow.execution.tasks[0]!.runtimeInSeconds = '12'
      }),
      'BAD_SHAPE',
      '`workflow.execution.tasks[0].runtimeInSeconds`',
    ],
    [
      'no tasks',
      changed((file) => {
        file.workflow.specification.tasks = []
      }),
      'BAD_SHAPE',
      'has no task',
    ],
    ['nesting without end', '['.repeat(200_000), 'NOT_JSON', 'JSON'],
  ]
  it.each(cases)('%s: a code, a place and a next step', (_name, text, code, place) => {
    const result = wfcommonsImporter.import(text, options)
    expect(result.ok).toBe(false)
    const [problem] = result.ok ? [] : result.problems
    expect(problem).toMatchObject({ code, severity: 'error' })
    expect(problem!.message).toContain(place)
    expect(problem!.hint).toMatch(/\.$/)
    expect(problem!.range ?? problem!.path).toBeDefined()
  })

  it.each([
    ['dagwright: 1\nid: x\n', 1, 1],
    ['{\n "a": }', 2, 7],
    ['{\n "a": 1,\n "b": tru }', 3, 10],
    ['{"a"', 1, 5],
    ['', 1, 1],
  ])('says the line and column where %j stops being JSON', (text, line, column) => {
    const result = wfcommonsImporter.import(text, options)
    expect(result.ok ? null : result.problems[0]!.range?.start).toMatchObject({ line, column })
  })

  it('marks what is missing instead of refusing: run times, a side of an edge, records', () => {
    const file = JSON.parse(noodles)
    file.workflow.specification.tasks[2].children = []
    delete file.workflow.execution
    const { text, losses, run } = imported(JSON.stringify(file))
    expect(pipelineOf(text).tasks.every((task) => task.estimate === null)).toBe(true)
    expect(run).toBeNull()
    expect(losses.map(({ feature }) => feature)).toEqual(
      expect.arrayContaining(['Run time', 'Dependencies named once', 'Task id']),
    )
  })

  it('leaves the lists of files out where the pipeline could not be opened with them, and says so', () => {
    const file = JSON.parse(noodles)
    file.workflow.specification.tasks[0].inputFiles = Array.from({ length: 60_000 }, (_, n) => `${'x'.repeat(90)}${n}`)
    const { text, losses } = imported(JSON.stringify(file))
    expect(pipelineOf(text).tasks[0]!.reads).toEqual([])
    expect(losses.map(({ feature }) => feature)).toContain('Files')
  })
})
