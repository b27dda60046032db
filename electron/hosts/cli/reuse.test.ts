import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const FILE = 'p.dag.yaml'
const pipeline = (last: string) => `dagwright: 1
id: p
tasks:
  a: { kind: shell, cache: true, run: echo ran >> times.txt }
  b: { kind: shell, needs: [a], run: "true" }
  c:
    kind: shell
    needs: [b]
    run: |
      echo start
      ${last}
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put(FILE, pipeline('true'))
})
afterAll(() => bench.close())

async function originsOf(...args: string[]): Promise<Record<string, string | null>> {
  const { stdout, stderr } = await bench.run('run', FILE, '--json', ...args)
  const { tasks } = JSON.parse(stdout) as { tasks?: Record<string, { state: string; origin: string | null }> }
  if (tasks === undefined) throw new Error(stderr)
  return Object.fromEntries(Object.entries(tasks).map(([id, { state, origin }]) => [id, origin ?? state]))
}

it('the cache, --no-cache, --to and its older name', async () => {
  const refused = await bench.run('run', FILE, '--from', 'b')
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('a would not run, and no earlier run has'),
  ])
  expect(await originsOf()).toEqual({ a: 'executed', b: 'executed', c: 'executed' })
  const [first] = JSON.parse((await bench.run('runs', '--json')).stdout) as { run: string }[]
  expect(await originsOf('--to', 'b')).toEqual({ a: 'cached', b: 'executed' })
  expect((await bench.run('why', 'last', 'a')).stdout).toContain(`those of its success in run ${first!.run} (key `)
  expect(await originsOf('--up-to', 'b', '--no-cache')).toEqual({ a: 'executed', b: 'executed' })
  expect(await originsOf('--from', 'b')).toEqual({ b: 'executed', c: 'executed' })
})

it('pins, and --pins', async () => {
  const pinned = await bench.run('pins', FILE, '--set', 'b', '--json')
  expect(JSON.parse(pinned.stdout)).toMatchObject({ pins: [{ task: 'b', run: expect.stringMatching(/T/) }] })
  expect(await originsOf()).toMatchObject({ b: 'executed' })
  expect(await originsOf('--pins')).toMatchObject({ b: 'pinned' })
  expect((await bench.run('pins', FILE, '--remove', 'b')).stderr).toContain('Nothing is pinned')
  expect(await originsOf('--pins')).toMatchObject({ b: 'executed' })
})

it('runs --changes says what changed since the last success', async () => {
  await bench.put(FILE, pipeline('false'))
  expect((await bench.run('run', FILE)).code).toBe(1)
  const { code, stdout, stderr } = await bench.run('runs', '--changes', 'last')
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^Since the last success, \d+T/)])
  expect(stdout).toBe('task c\n  run:\n      echo start\n    - true\n    + false\n')
  const json = JSON.parse((await bench.run('runs', '--changes', 'last', '--json')).stdout)
  expect(json.changes.tasks).toMatchObject([{ task: 'c', change: 'changed' }])
})
