import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const FILE = 'flow.dag.yaml'
const PIPELINE = `dagwright: 1
id: flow
concurrency: 2
tasks:
  extract: { kind: shell, run: echo extracted }
  load: { kind: shell, needs: [extract], run: "test -e ready || sleep 60" }
  check: { kind: shell, needs: [extract], run: "test -e ready" }
  report: { kind: noop, needs: [load, check] }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put(FILE, PIPELINE)
})
afterAll(() => bench.close())

it('a day at the command line: dry run, run, Ctrl-C, why, rerun failed, kill, resume, logs', async () => {
  const dry = await bench.run('run', FILE, '--dry-run')
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('4 of 4 would run')])
  expect(await readdir(bench.root)).not.toContain('.dagwright')

  const cancelled = bench.start('run', FILE)
  await cancelled.stderrHas('load running')
  await cancelled.stderrHas('check failed')
  cancelled.child.kill('SIGINT')
  expect((await cancelled.outcome).code).toBe(1)
  const why = await bench.run('why', 'last')
  expect(why.stdout).toMatch(/cancelled +load +the run was cancelled\n/)
  expect(why.stdout).toMatch(/failed +check +ended with exit code 1\n/)

  await bench.put('ready', '')
  const again = await bench.run('run', FILE, '--rerun-failed', 'last')
  expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/success +extract +reused from run \d+T/)])

  await rm(join(bench.root, 'ready'))
  const killed = bench.start('run', FILE)
  await killed.stderrHas('load running')
  killed.child.kill('SIGKILL')
  await killed.outcome
  const interrupted = await bench.run('why', 'last', 'report')
  expect(interrupted.stdout).toMatch(/report +(the run was interrupted before it could start; resume|`check` ended)/)
  await bench.put('ready', '')
  const resumed = await bench.run('resume', 'last')
  expect(resumed.stdout).toMatch(/success +load/)

  expect((await bench.run('logs', 'last', 'extract')).stdout).toBe('extracted\n')
  expect((await bench.run('logs', 'last', 'load')).stderr).toContain(
    'The log of load, attempt 2, is empty: it printed nothing',
  )
  const runs = JSON.parse((await bench.run('runs', '--json')).stdout) as { state: string; parent: string | null }[]
  expect(runs.map(({ state }) => state).slice(1)).toEqual(['success', 'cancelled'])
  expect(runs[1]?.parent).not.toBeNull()
}, 60_000)
