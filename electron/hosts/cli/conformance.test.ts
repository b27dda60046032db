import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConformanceCase, loadCase } from '#shared/conformance/case.ts'
import { runnable } from '#shared/conformance/runnable.ts'
import { REAL_ENDINGS, ruleCase } from '#shared/conformance/trigger-rules/gadgets.ts'
import { readRuleTable } from '#shared/conformance/trigger-rules/table.ts'
import { verdictDifferences } from '#shared/conformance/trigger-rules/verdicts.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { TRIGGER_RULES } from '#shared/model/pipeline.ts'
import { type CliBench, openCliBench } from './cli.testing.ts'
import type { RunResult } from './run-result.ts'

/** Seconds of real time for one second of a case. */
const SCALE = 0.1
const FOLDER = join(import.meta.dirname, '../../../shared/conformance')

/** Those a command line can do: cancelling at a given second is a person's hand, and has tests of its own. */
const cases = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const loaded = loadCase(readFileSync(join(FOLDER, name), 'utf8'))
    if (!loaded.ok) throw new Error(`${name}: ${JSON.stringify(loaded.problems)}`)
    return { name, conformance: loaded.value }
  })
  .filter(
    ({ conformance }) =>
      conformance.notReal === undefined && conformance.cancelAt === undefined && conformance.marks.length === 0,
  )

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
})
afterAll(() => bench.close())

test('there are cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(30)
})

test.concurrent.for(cases)('$name', { timeout: 120_000 }, async ({ name, conformance }) => {
  const id = name.replace('.yaml', '')
  const file = `${id}.dag.yaml`
  // A pipeline of its own: what is expected to take long goes first, by the pipeline's earlier runs.
  await bench.put(file, runnable(conformance, SCALE).replace(/^id: .*$/m, `id: ${id}`))
  const slots = conformance.parsed.concurrency === null ? ['--slots', '1000'] : []
  const { stdout, stderr } = await bench.run('run', file, '--json', ...slots, ...selectionOf(conformance))
  const result: RunResult = JSON.parse(stdout)
  expect(result.state, stderr).toBe(conformance.expect.state)
  expect(statesOf(result)).toEqual(conformance.expect.states)
})

test('every rule over every combination of up to three upstreams, all in one run', async () => {
  const table = readRuleTable(readFileSync(join(FOLDER, 'trigger-rules/table.md'), 'utf8'))
  await bench.put('rules.dag.yaml', runnable(ruleCase(table, TRIGGER_RULES, REAL_ENDINGS), 0.05))
  const { stdout } = await bench.run('run', 'rules.dag.yaml', '--events', '--json', '--slots', '12')
  // The last line is the result.
  const lines = stdout.trim().split('\n').slice(0, -1)
  const events = lines.map((line) => JSON.parse(line) as JournalEvent)
  expect(verdictDifferences(table, events)).toEqual([])
})

function selectionOf({ selection = {} }: ConformanceCase): string[] {
  const flags = { from: '--from', upTo: '--up-to', only: '--only' } as const
  return (['from', 'upTo', 'only'] as const).flatMap((key) => (selection[key] ?? []).flatMap((id) => [flags[key], id]))
}

/** As the cases write them: a task by its id, an instance as `task[index]`. */
function statesOf(result: RunResult): Record<string, string> {
  const states: Record<string, string> = {}
  for (const [id, task] of Object.entries(result.tasks)) {
    states[id] = task.state
    for (const instance of task.instances ?? []) states[`${id}[${instance.index}]`] = instance.state
  }
  return states
}
