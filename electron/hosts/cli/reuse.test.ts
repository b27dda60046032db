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

it('a renamed task keeps what it handed on', async () => {
  const text = (id: string, more: string) => `dagwright: 1
id: renamed
tasks:
  ${id}: { kind: shell, run: echo v:=7 >> "$DAGWRIGHT_OUTPUT"${more} }
  use: { kind: shell, needs: [${id}], run: 'echo "got \${{ tasks.${id}.outputs.v }}"' }
`
  await bench.put('renamed.dag.yaml', text('load', ''))
  expect((await bench.run('run', 'renamed.dag.yaml')).code).toBe(0)
  await bench.put('renamed.dag.yaml', text('extract', ', aliases: [load]'))
  const later = await bench.run('run', 'renamed.dag.yaml', '--from', 'use')
  expect([later.code, later.stderr]).toEqual([0, expect.stringContaining('use success')])
  expect((await bench.run('logs', 'last', 'use')).stdout).toContain('got 7')
})

it("--rerun-failed: of the file's own last run, of the part that ran, without a parameter that is gone", async () => {
  const text = (params: string) => `dagwright: 1
id: part
${params}
tasks:
  a: { kind: shell, run: "true" }
  b: { kind: shell, needs: [a], run: test -e mended }
  c: { kind: shell, needs: [b], run: "true" }
`
  await bench.put('part.dag.yaml', text('params: { gone: { type: string, default: x } }'))
  const none = await bench.run('run', 'part.dag.yaml', '--rerun-failed', 'last')
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('part.dag.yaml has no runs yet')])

  expect((await bench.run('run', 'part.dag.yaml', '--to', 'b', '-p', 'gone=y')).code).toBe(1)
  const { run } = JSON.parse((await bench.run('runs', 'part.dag.yaml', '--json')).stdout)[0] as { run: string }
  const other = await bench.run('run', FILE, '--rerun-failed', run)
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('is of the pipeline `part`, not of `p`')])

  await bench.run('run', FILE)
  await bench.put('part.dag.yaml', text(''))
  await bench.put('mended', '')
  const again = await bench.run('run', 'part.dag.yaml', '--rerun-failed', 'last', '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({
    pipeline: 'part',
    tasks: { a: { origin: 'reused' }, b: { origin: 'executed' } },
  })
  expect(Object.keys(JSON.parse(again.stdout).tasks)).toEqual(['a', 'b'])
})
