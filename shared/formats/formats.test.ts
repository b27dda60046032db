import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../model/document.ts'
import type { Pipeline } from '../model/pipeline.ts'
import { pipelineOf, taskOf } from './pipeline.testing.ts'
import { hostilePipeline } from './pipeline-arbitrary.testing.ts'
import { EXPORTERS, exporterOf } from './registry.ts'

const here = import.meta.dirname
const read = (path: string) => parseDocument(readFileSync(join(here, path), 'utf8'))
const everything = read('examples/everything.dag.yaml')
const textOf = (id: string, pipeline: Pipeline) => exporterOf(id)!.export(pipeline, { source: null }).files[0]!.text

describe('the example', () => {
  it('is a valid pipeline', () => {
    expect(everything.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe.each(EXPORTERS)('$id', (exporter) => {
  it('writes the example as a person would read it, and says what it leaves out', async () => {
    const { files, losses } = exporter.export(everything.pipeline!, { source: 'examples/everything.dag.yaml' })
    for (const file of files) {
      await expect(file.text).toMatchFileSnapshot(join(here, exporter.id, 'examples', file.path))
    }
    const lines = losses.map(({ feature, where, message, instead }) => {
      const place = where.tasks.length === 0 ? 'pipeline' : where.tasks.join(', ')
      return `${feature} (${where.field}: ${place})\n  ${message}\n  Instead: ${instead}\n`
    })
    await expect(lines.join('\n')).toMatchFileSnapshot(join(here, exporter.id, 'examples', 'losses.txt'))
  })

  it('is deterministic, and its files have safe names', () => {
    fc.assert(
      fc.property(hostilePipeline, (pipeline) => {
        const made = exporter.export(pipeline, { source: 'a.dag.yaml' })
        expect(exporter.export(pipeline, { source: 'a.dag.yaml' })).toEqual(made)
        for (const { path } of made.files) expect(path).toMatch(/^[A-Za-z_][\w.-]*\.(py|mmd|json)$/)
        for (const loss of made.losses) {
          expect(loss.message).not.toBe('')
          expect(loss.instead).not.toBe('')
        }
      }),
      { numRuns: 50 },
    )
  })

  it('changes only the lines of the task that was changed', () => {
    const ids = ['first', 'second', 'third']
    const make = (run: string) =>
      pipelineOf(
        ids.map((id) => taskOf('shell', id, { name: `Name of ${id}`, run: id === 'second' ? run : `echo ${id}` })),
      )
    const before = textOf(exporter.id, make('echo one\n')).split('\n')
    const after = textOf(exporter.id, make('echo other\necho more\n')).split('\n')
    const same = (a: string[], b: string[]) => a.findIndex((line, index) => line !== b[index])
    const start = same(before, after)
    const end = same(before.toReversed(), after.toReversed())
    if (start < 0) return
    const changed = before.slice(start, before.length - end).join('\n')
    expect(changed).not.toMatch(/first|third/)
  })
})

describe('json', () => {
  it('holds every task, dependency, condition and text as it was', () => {
    fc.assert(
      fc.property(hostilePipeline, (pipeline) => {
        const parsed = JSON.parse(textOf('json', pipeline))
        expect(parsed.pipeline.id).toBe(pipeline.id)
        expect(parsed.tasks.map((task: { id: string }) => task.id)).toEqual(pipeline.tasks.map(({ id }) => id))
        pipeline.tasks.forEach((task, index) => {
          const made = parsed.tasks[index]
          expect(made.depends_on).toEqual(task.needs.map((need) => need.task))
          for (const need of task.needs) {
            const when = Object.entries(made.depends_on_when ?? {}).find(([id]) => id === need.task)?.[1]
            expect(when ?? null).toBe(need.when)
          }
          if (task.kind === 'shell') expect(made.run ?? '').toBe(task.run)
        })
      }),
      { numRuns: 100 },
    )
  })
})

describe('mermaid', () => {
  it('draws every task once and every dependency, whatever they are called', () => {
    fc.assert(
      fc.property(hostilePipeline, (pipeline) => {
        const lines = textOf('mermaid', pipeline).split('\n')
        const nodes = lines.flatMap((line) => /^\s*(\w+)[[>({].*:::\w+Task$/.exec(line)?.[1] ?? [])
        expect(new Set(nodes).size).toBe(pipeline.tasks.length)
        expect(nodes).toHaveLength(pipeline.tasks.length)
        const edges = lines.flatMap((line) => {
          const match = /^ {2}(\w+) -->(?:\|"[^"]*"\|)? (\w+)$/.exec(line)
          return match === null ? [] : [match.slice(1)]
        })
        expect(edges).toHaveLength(pipeline.tasks.reduce((sum, task) => sum + task.needs.length, 0))
        for (const end of edges.flat()) expect(nodes).toContain(end)
      }),
      { numRuns: 100 },
    )
  })
})

describe('how a run ends', () => {
  const { pipeline } = parseDocument(`dagwright: 1
id: ends
failFast: true
onFailure: [alarm]
onSuccess: [cheer, alarm]
tasks:
  work: { kind: noop }
  late: { kind: noop, needs: [work], triggerRule: all_done }
  alarm: { kind: noop }
  cheer: { kind: noop }
`)
  const lossesOf = (id: string) =>
    exporterOf(id)!
      .export(pipeline!, { source: null })
      .losses.map(({ feature, where }) => `${feature}: ${where.field} ${where.tasks.join(', ')}`.trim())

  it('is said to be lost where the target has nothing for it', () => {
    expect(lossesOf('airflow')).toEqual([
      'Tasks after the run: onSuccess cheer, alarm',
      'Tasks after the run: onFailure alarm',
      'Stop at the first failure: failFast',
    ])
    expect(textOf('airflow', pipeline!)).not.toMatch(/alarm|cheer|fail_fast/)
    expect(lossesOf('mermaid')).toEqual(
      expect.arrayContaining(['Stop at the first failure: failFast', expect.stringMatching(/^Tasks after the run: /)]),
    )
  })

  it('is kept where there is a place for it', () => {
    expect(JSON.parse(textOf('json', pipeline!)).pipeline).toMatchObject({
      fail_fast: true,
      on_success: ['cheer', 'alarm'],
      on_failure: ['alarm'],
    })
    const plain = { ...pipeline!, tasks: pipeline!.tasks.filter(({ id }) => id !== 'late') }
    expect(textOf('airflow', plain)).toContain('fail_fast=True')
  })
})
