import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startSpawner } from './engine.ts'
import { SpawnerClient } from './spawner-client.ts'

test('a spawner that was started ahead and never needed ends with its client', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-spawner-client-'))
  const command = { execPath: process.execPath, environment: process.env }
  const entry = join(import.meta.dirname, '../spawner/main.ts')
  const ahead = startSpawner({ spawnerEntry: entry, execPath: process.execPath, hostEnvironment: process.env })
  await new SpawnerClient({ ...command, entry }, join(folder, 'processes.ndjson'), ahead).close()
  expect(() => process.kill(ahead.pid!, 0)).toThrow('ESRCH')
  rmSync(folder, { recursive: true })
})
