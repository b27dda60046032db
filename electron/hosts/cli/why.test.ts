import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const PIPELINE = `dagwright: 1
id: p
params: { mode: { type: string, default: fast } }
pools: { one: 1 }
tasks:
  first: { kind: shell, cache: true, run: "true" }
  slow: { kind: noop, needs: [first], when: "\${{ params.mode == 'slow' }}" }
  bad: { kind: shell, run: "exit 3" }
  next: { kind: noop, needs: [bad] }
  hold: { kind: shell, run: sleep 0.2, pool: one, priority: 1 }
  held: { kind: shell, run: "true", pool: one }
  parts: { kind: noop, forEach: [1, 2] }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('p.dag.yaml', PIPELINE)
})
afterAll(() => bench.close())

it('says why every task ended as it did, in the table of a run and afterwards', async () => {
  await bench.run('run', 'p.dag.yaml')
  const { code, stdout } = await bench.run('run', 'p.dag.yaml')
  expect(code).toBe(1)
  expect(stdout).toMatch(/success +first +from the cache: its code/)
  expect(stdout).toMatch(/skipped +slow +`params.mode == 'slow'` is false/)
  expect(stdout).toMatch(/upstream failed +next +`bad` ended with exit code 3/)

  const all = await bench.run('why', 'last')
  expect(all.stdout).toMatch(/failed +bad +ended with exit code 3\n/)
  expect(all.stdout).toMatch(/success +held +took .*; waited .* for pool `one`, held by `hold`\n/)
  const parts = JSON.parse((await bench.run('why', 'last', 'parts', '--json')).stdout)
  expect(parts.tasks.map((row: { index: number | null }) => row.index)).toEqual([null, 0, 1])
  const link = JSON.parse((await bench.run('why', 'last', 'next', '--json')).stdout).tasks[0].parts[0]
  expect(link).toEqual({ type: 'task', text: 'bad', task: 'bad', index: null })
  const unknown = await bench.run('why', 'last', 'bat')
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('bad')])
})
