import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDurations } from '#shared/analysis/past-durations.ts'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { foldRun } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { type Bench, openBench, trustedPage } from './contract.testing.ts'

const PINNED = `dagwright: 1
id: pinned
tasks:
  make: { kind: shell, run: "echo v:=1 >> $DAGWRIGHT_OUTPUT" }
  each: { kind: shell, forEach: [1, 2], needs: [make], run: "echo w:=$DAGWRIGHT_INDEX >> $DAGWRIGHT_OUTPUT" }
  use: { kind: shell, needs: [each], run: 'echo "\${{ tasks.each.outputs.w }}"' }
`
const READS = `dagwright: 1
id: reads
tasks:
  first: { kind: shell, reads: [in.txt], run: cat in.txt }
  second: { kind: shell, needs: [first], run: test -e there }
`

let bench: Bench
let client: ContractClient
let workspace: string
beforeAll(async () => {
  bench = await openBench()
  await bench.put('pinned.dag.yaml', PINNED)
  await bench.put('reads.dag.yaml', READS)
  ;({ client, workspace } = await trustedPage(bench))
})
afterAll(() => bench.close())

type Start = Omit<Parameters<ContractClient['runs']['start']>[0], 'workspace' | 'params'>

async function run(start: Start): Promise<RunView> {
  const started = await client.runs.start({ workspace, params: {}, trigger: 'test', ...start })
  for await (const _ of await client.runs.watch({ workspace, run: started.run, after: -1 }));
  return foldRun((await client.runs.get({ workspace, run: started.run })).events)!
}

function originsOf(view: RunView, task: string): readonly (string | null)[] {
  return view.tasks.get(task)!.instances.map(({ origin }) => origin)
}

async function failureOf(call: Promise<unknown>) {
  return appErrorOf(await call.catch((error: unknown) => error))
}

describe('pins', () => {
  const path = 'pinned.dag.yaml'
  const of = { pipeline: 'pinned' }

  it('take the outputs of a run, by instance, and stand for them only where asked', async () => {
    const { header } = await run({ path })
    const value = { type: 'run', run: header.run } as const
    await client.pins.set({ workspace, ...of, task: 'make', value })
    const each = await client.pins.set({ workspace, ...of, task: 'each', value })
    expect(each).toMatchObject({ instances: [{ w: 0 }, { w: 1 }], run: header.run })
    expect((await client.pins.list({ workspace, ...of })).map(({ task }) => task)).toEqual(['make', 'each'])
    const pinned = await run({ path, pins: true })
    expect([originsOf(pinned, 'make'), originsOf(pinned, 'each')]).toEqual([['pinned'], ['pinned', 'pinned']])
    expect(pinned.tasks.get('use')).toMatchObject({ state: 'success' })
    expect(originsOf(await run({ path }), 'make')).toEqual(['executed'])
    const { durations } = await client.history.get({ workspace, ...of, limit: 10 })
    expect(readDurations(durations).get('make')).toHaveLength(2)
  })

  it('give what an unselected upstream lacks', async () => {
    await client.pins.set({ workspace, ...of, task: 'each', value: { type: 'given', outputs: { w: 'by hand' } } })
    const view = await run({ path, pins: true, selection: { only: ['use'] } })
    const code = await client.runs.code({ workspace, run: view.header.run, task: 'use', index: null })
    expect(Object.values(code.env)).toEqual(['by hand'])
  })

  it('are refused where they are too large, or the run has no such success', async () => {
    const { header } = await run({ path })
    const large = { type: 'given', outputs: { x: 'x'.repeat(2 ** 20) } } as const
    expect(await failureOf(client.pins.set({ workspace, ...of, task: 'make', value: large }))).toMatchObject({
      code: 'BAD_INPUT',
    })
    const none = client.pins.set({ workspace, ...of, task: 'ghost', value: { type: 'run', run: header.run } })
    expect(await failureOf(none)).toMatchObject({ code: 'NOT_FOUND', next: expect.any(String) })
  })

  it('are removed, and hostile ids are ids', async () => {
    const value = { type: 'given', outputs: JSON.parse('{"__proto__":{"a":1}}') } as const
    await client.pins.set({ workspace, pipeline: '__proto__', task: 'constructor', value })
    const [pin] = await client.pins.list({ workspace, pipeline: '__proto__' })
    expect(JSON.stringify(pin?.outputs)).toBe('{"__proto__":{"a":1}}')
    await client.pins.remove({ workspace, pipeline: '__proto__', task: 'constructor' })
    expect(await client.pins.list({ workspace, pipeline: '__proto__' })).toEqual([])
  })
})

describe('rerun failed', () => {
  const path = 'reads.dag.yaml'
  const write = async (text: string) => {
    await writeFile(join(bench.root, 'in.txt'), text)
    await utimes(join(bench.root, 'in.txt'), 1_700_000_000, 1_700_000_000 + text.length)
  }

  it('reuses a success as long as its inputs are what they were, through a chain of reruns', async () => {
    await write('one')
    const first = await run({ path })
    expect(first.state).toBe('failed')
    const second = await run({ path, rerunFailedOf: first.header.run })
    expect([second.state, originsOf(second, 'first')]).toEqual(['failed', ['reused']])
    const third = await run({ path, rerunFailedOf: second.header.run })
    expect(originsOf(third, 'first')).toEqual(['reused'])
    await write('changed')
    const fourth = await run({ path, rerunFailedOf: third.header.run })
    expect(originsOf(fourth, 'first')).toEqual(['executed'])
  })

  it('leaves out a parameter that is gone, also where a page sends it again', async () => {
    const gone = 'gone.dag.yaml'
    const text = (head: string) => `dagwright: 1\nid: gone\n${head}tasks:\n  a: { kind: shell, run: "false" }\n`
    await bench.put(gone, text('params: { old: { type: string, default: x } }\n'))
    const first = await run({ path: gone })
    await bench.put(gone, text(''))
    const rerun = { workspace, path: gone, rerunFailedOf: first.header.run, trigger: 'test' as const }
    expect((await client.runs.plan({ ...rerun, params: first.header.params })).params).toEqual({})
    const refused = await failureOf(client.runs.plan({ ...rerun, params: { other: 1 } }))
    expect(refused).toMatchObject({ code: 'INVALID_PARAMETERS', message: expect.stringContaining('other') })
  })

  it('what changed since the last whole success: inputs, code, and nothing', async () => {
    await writeFile(join(bench.root, 'there'), '')
    await write('one')
    const good = await run({ path })
    expect(good.state).toBe('success')
    await write('longer text')
    await bench.put(path, READS.replace('cat in.txt', 'cat in.txt in.txt'))
    const later = await run({ path })
    const { since, changes } = await client.runs.changes({ workspace, run: later.header.run })
    expect(since?.run).toBe(good.header.run)
    expect(changes?.tasks).toEqual([
      {
        task: 'first',
        change: 'changed',
        fields: [{ field: 'run', before: 'cat in.txt', after: 'cat in.txt in.txt' }],
      },
    ])
    expect(changes?.inputs).toMatchObject([
      { label: 'first', path: 'in.txt', before: { size: 3 }, after: { size: 11 } },
    ])
    const first = await client.runs.changes({ workspace, run: good.header.run })
    expect(first).toEqual({ since: null, changes: null })
    await rm(join(bench.root, 'there'))
  })
})
