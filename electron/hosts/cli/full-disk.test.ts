import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const MAIN = join(import.meta.dirname, 'main.ts')
let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('p.dag.yaml', `dagwright: 1\nid: p\ntasks: { a: { kind: shell, run: sleep 0.3; touch done } }\n`)
})
afterAll(() => bench.close())

/** `full`: the stream that leads to a full disk. Returns what the other one said. */
async function runOnto(full: 'stdout' | 'stderr') {
  const device = await open('/dev/full', 'w')
  const [out, err] = full === 'stdout' ? [device.fd, 'pipe' as const] : ['pipe' as const, device.fd]
  const child = spawn(process.execPath, [MAIN, 'run', 'p.dag.yaml', '--json'], {
    cwd: bench.root,
    env: bench.env,
    stdio: ['ignore', out, err],
  })
  await device.close()
  const [said, [code]] = await Promise.all([text((child.stdout ?? child.stderr)!), once(child, 'close')])
  return { said, code }
}

it.runIf(existsSync('/dev/full'))('a run goes on where its progress cannot be written', async () => {
  const { said, code } = await runOnto('stderr')
  expect(JSON.parse(said)).toMatchObject({ state: 'success' })
  expect(code).toBe(0)
})

it.runIf(existsSync('/dev/full'))('a run whose result cannot be written ends, and says so', async () => {
  const { said, code } = await runOnto('stdout')
  expect(said).toContain('error IO_ERROR The output could not be written: ENOSPC')
  expect(code).toBe(2)
  expect(JSON.parse((await bench.run('runs', '--json')).stdout)[0]).toMatchObject({ state: 'success' })
})
