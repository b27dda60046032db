import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConformanceCase, loadCase } from '#shared/conformance/case.ts'
import { runnable } from '#shared/conformance/runnable.ts'
import { REAL_ENDINGS, ruleCase } from '#shared/conformance/trigger-rules/gadgets.ts'
import { readRuleTable } from '#shared/conformance/trigger-rules/table.ts'
import { verdictDifferences } from '#shared/conformance/trigger-rules/verdicts.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { parseDocument } from '#shared/model/document.ts'
import { TRIGGER_RULES } from '#shared/model/pipeline.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'
import { verifyReplay } from '#shared/scheduler/replay.ts'
import { type Bench, bench, type FinishedRun, type RunOptions, type StartedRun } from './engine.testing.ts'

/** Seconds of real time for one second of a case: large against what starting a process takes, short enough to wait. */
const SCALE = 0.15
const FOLDER = join(import.meta.dirname, '../../shared/conformance')

let host: Bench
beforeAll(() => {
  host = bench()
})
afterAll(() => host.dispose())

const cases = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const loaded = loadCase(readFileSync(join(FOLDER, name), 'utf8'))
    if (!loaded.ok) throw new Error(`${name}: ${JSON.stringify(loaded.problems)}`)
    return { name, conformance: loaded.value }
  })

test('there are cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(30)
})

test.concurrent.for(cases.filter(({ conformance }) => conformance.notReal === undefined))(
  '$name',
  async ({ conformance }) => {
    const yaml = runnable(conformance, SCALE)
    const pipeline = parseDocument(yaml).pipeline!
    const basis = Object.fromEntries(pipeline.tasks.map((task) => [task.id, task.estimate?.likely ?? 1e6 * SCALE]))
    const options: RunOptions = {
      id: `conformance-${conformance.name}`,
      slots: pipeline.concurrency ?? 1000,
      basis,
      ...(conformance.selection === undefined ? {} : { selection: conformance.selection }),
    }
    const started = host.startPipeline(pipeline, options)
    if (conformance.cancelAt !== undefined) {
      setTimeout(() => void started.cancel(false), conformance.cancelAt * SCALE * 1000)
    }
    const run = await marked(started, conformance, (more) => host.startPipeline(pipeline, { ...options, ...more }))
    expect(run.state).toBe(conformance.expect.state)
    expect(run.states).toEqual(conformance.expect.states)
    expect(startsOf(run)).toEqual(expectedStarts(conformance))
    const compiled = compilePlan(pipeline, {
      slots: pipeline.concurrency ?? 1000,
      pools: pipeline.pools,
      basis: (id) => basis[id]!,
      ...(conformance.selection === undefined ? {} : { selection: conformance.selection }),
    })
    expect(compiled.ok && verifyReplay(compiled.value, run.events)).toBeNull()
  },
)

test('every rule over every combination of up to three upstreams, all in one run', async () => {
  const table = readRuleTable(readFileSync(join(FOLDER, 'trigger-rules/table.md'), 'utf8'))
  const yaml = runnable(ruleCase(table, TRIGGER_RULES, REAL_ENDINGS), 0.05)
  const run = await host.startPipeline(parseDocument(yaml).pipeline!, { slots: 12 }).finished()
  expect(Object.keys(run.states).length).toBe(12 * (4 + 16 + 64) + 18)
  expect(verdictDifferences(table, run.events)).toEqual([])
})

/** The run to its end, with what the case marks at its times; marks after an end open the run again. */
async function marked(
  first: StartedRun,
  { marks }: ConformanceCase,
  again: (options: Pick<RunOptions, 'past' | 'marks'>) => StartedRun,
): Promise<FinishedRun> {
  let run = first
  const began = performance.now()
  for (const { at, ...mark } of marks) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at * SCALE * 1000 - (performance.now() - began))))
    if (await run.mark(mark)) continue
    const { events } = await run.finished()
    run = again({ past: events, marks: [mark] })
  }
  return run.finished()
}

/** Starts as `label#attempt cause`, sorted: real time orders what the case has at one instant by chance. */
function startsOf(run: FinishedRun): string[] {
  return run.events
    .flatMap((event) =>
      event.type === 'starting' ? [`${instanceLabel(event.task, event.index)}#${event.attempt}`] : [],
    )
    .sort()
}

function expectedStarts(conformance: ConformanceCase): string[] {
  return conformance.expect.starts
    .map((line) => {
      const label = line.split(' ', 1)[0]!
      return label.includes('#') ? label : `${label}#1`
    })
    .sort()
}
