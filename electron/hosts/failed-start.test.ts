import { rename, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { type Bench, openBench, trustedPage } from './contract.testing.ts'

const PIPELINE = `dagwright: 1
id: linked
tasks:
  a: { kind: noop }
`

let bench: Bench
let client: ContractClient
let workspace: string
beforeAll(async () => {
  bench = await openBench()
  await bench.put('real.yaml', PIPELINE)
  await symlink('real.yaml', join(bench.root, 'linked.dag.yaml'))
  ;({ client, workspace } = await trustedPage(bench))
})
afterAll(() => bench.close())

const over = async (run: string) => {
  for await (const _ of await client.runs.watch({ workspace, run, after: -1 }));
}

it('a run that cannot be opened again, as its file is gone, is not taken for a live one', async () => {
  const { run } = await client.runs.start({ workspace, path: 'linked.dag.yaml', params: {}, trigger: 'test' })
  await over(run)
  await rename(join(bench.root, 'real.yaml'), join(bench.root, 'away.yaml'))
  const clear = () => client.runs.clear({ workspace, run, task: 'a', index: null, downstream: true })
  const failure = await clear().catch((error: unknown) => error)
  expect(appErrorOf(failure)?.code).toBe('NOT_FOUND')
  expect(await client.runs.list({ workspace })).toMatchObject([{ run, live: false, state: 'success' }])

  await rename(join(bench.root, 'away.yaml'), join(bench.root, 'real.yaml'))
  await clear()
  await over(run)
  expect(await client.runs.list({ workspace })).toMatchObject([{ run, live: false, state: 'success' }])
})
