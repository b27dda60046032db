import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PlannedTask } from '#shared/contract/run-plan.ts'
import { type CliBench, openCliBench } from './cli.testing.ts'

const PIPELINE = `dagwright: 1
id: p
params: { mode: { type: string, default: "it's" }, n: { type: integer, default: 2 } }
env: { BASE: "\${{ params.mode }}" }
pools: { one: 1 }
concurrency: 4
tasks:
  last: { kind: noop, needs: [first, late] }
  first:
    kind: shell
    run: |
      touch started
      echo \${{ env.BASE }} >> $DAGWRIGHT_OUTPUT
    secrets: [TOKEN]
    estimate: 2s
  off: { kind: noop, needs: [first], when: "\${{ params.n > 5 }}" }
  below: { kind: noop, needs: [off] }
  late: { kind: sql, needs: [first], sql: "select \${{ tasks.first.outputs.x }}, \${{ params.mode }}", when: "\${{ tasks.first.outputs.go }}", pool: one }
  each: { kind: python, forEach: [1, "\${{ params.n }}"], code: "print(\${{ item }}, '!')", retries: { limit: 3 }, pool: one }
  open: { kind: noop, needs: [first], forEach: "\${{ tasks.first.outputs.list }}" }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('p.dag.yaml', PIPELINE)
})
afterAll(() => bench.close())

async function planned(...args: string[]): Promise<Map<string, PlannedTask>> {
  const { stdout, stderr, code } = await bench.run('run', 'p.dag.yaml', '--dry-run', '--json', ...args)
  expect(code, stderr).toBe(0)
  const { tasks } = JSON.parse(stdout) as { tasks: PlannedTask[] }
  return new Map(tasks.map((task) => [task.task, task]))
}

async function everything(): Promise<readonly string[]> {
  const names = await readdir(bench.root, { recursive: true })
  const stats = await Promise.all(names.map((name) => stat(join(bench.root, name))))
  return names.map((name, at) => `${name} ${stats[at]?.mtimeMs}`)
}

it('tells what would run, and leaves no trace', async () => {
  const before = await everything()
  const tasks = await planned()
  expect([...tasks.keys()]).toEqual(['first', 'each', 'open', 'late', 'last', 'off', 'below'])
  expect(tasks.get('first')).toMatchObject({ start: 0, expected: 2, secrets: ['TOKEN'], environment: ['BASE'] })
  expect(tasks.get('first')?.code?.env).toEqual({ DW_1: "it's" })
  expect(tasks.get('late')).toMatchObject({ start: 2, when: 'tasks.first.outputs.go', pool: { name: 'one', slots: 1 } })
  expect(tasks.get('late')?.code?.code).toBe("select ${{ tasks.first.outputs.x }}, 'it''s'")
  expect(tasks.get('each')).toMatchObject({ instances: 2, retries: 3, code: { code: "print(1, '!')" } })
  expect(tasks.get('open')).toMatchObject({ mapped: true, instances: null })
  expect(tasks.get('off')).toMatchObject({ does: 'skip', why: '`params.n > 5` is false', start: null })
  expect(tasks.get('below')).toMatchObject({ does: 'skip', why: 'upstream `off` is skipped' })
  expect((await planned('-p', 'n=6')).get('off')?.does).toBe('run')
  const { code, stdout } = await bench.run('run', 'p.dag.yaml', '--dry-run')
  expect([code, stdout]).toEqual([0, expect.stringContaining('  1. first  shell  starts at once, takes about 2.0 s')])
  expect(await everything()).toEqual(before)
})

it('says which branch is not taken, and what that skips', async () => {
  const tasks = `  pick: { kind: noop, branch: "\${{ params.mode == 'all' ? ['all'] : ['some', 'more'] }}" }
  all: { kind: noop, needs: [pick] }
  some: { kind: noop, needs: [pick] }
  more: { kind: noop, needs: [pick] }
  join: { kind: noop, needs: [all, some] }
  wrong: { kind: noop, branch: "\${{ [params.mode] }}" }
  after: { kind: noop, needs: [wrong] }
`
  await bench.put('q.dag.yaml', `dagwright: 1\nid: q\nparams: { mode: { default: part } }\ntasks:\n${tasks}`)
  const { stdout } = await bench.run('run', 'q.dag.yaml', '--dry-run', '--json')
  const told = (JSON.parse(stdout) as { tasks: PlannedTask[] }).tasks.map(({ task, does, why }) => [task, does, why])
  expect(new Set(told)).toEqual(
    new Set([
      ['pick', 'run', null],
      ['some', 'run', null],
      ['more', 'run', null],
      ['all', 'skip', '`pick` chooses another branch'],
      ['join', 'skip', 'upstream `all` is skipped'],
      ['wrong', 'skip', '`[params.mode]` cannot be evaluated'],
      ['after', 'skip', 'upstream `wrong` would fail'],
    ]),
  )
})

it('says what a timeout would keep from running, and runs what runs into it', async () => {
  await bench.put(
    'timeouts.dag.yaml',
    `dagwright: 1
id: timeouts
timeout: 20s
tasks:
  slow: { kind: noop, estimate: 1m, timeout: 5s }
  after: { kind: noop, needs: [slow] }
  long: { kind: noop, estimate: 1m }
  later: { kind: noop, needs: [long] }
`,
  )
  const { stdout } = await bench.run('run', 'timeouts.dag.yaml', '--dry-run', '--json')
  const plan = JSON.parse(stdout) as { makespan: number; tasks: PlannedTask[] }
  expect(plan.makespan).toBe(20)
  expect(plan.tasks.map(({ task, does, why }) => [task, does, why])).toEqual([
    ['slow', 'run', null],
    ['long', 'run', null],
    ['after', 'skip', 'upstream `slow` is expected to run into its timeout of 5.0 s'],
    ['later', 'skip', 'the run is expected to reach its timeout of 20.0 s first'],
  ])
})

it('refuses what a run would refuse', async () => {
  const { code, stderr } = await bench.run('run', 'p.dag.yaml', '--dry-run', '--from', 'late')
  expect([code, stderr]).toEqual([2, expect.stringContaining('OUTPUTS_MISSING')])
})
