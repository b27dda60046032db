import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CheckTask } from '#shared/model/pipeline.ts'
import type { AttemptContext } from '../../runner.ts'
import { runInDatabase } from './sql-attempt.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a query that does not heed its interrupt is killed with its host, sooner where a kill follows', async () => {
  const told: string[] = []
  const context = {
    label: 'a',
    cwd: '/',
    stateFolder: '/',
    pipelineId: 'p',
    log: '/log',
    secrets: [],
    graceMilliseconds: 60_000,
    expressions: { code: (_: string, code: string) => ({ code, env: {} }) },
    sql: {
      run: () => ({
        interrupt: () => told.push('interrupt'),
        killHost: () => told.push('kill'),
        fate: new Promise(() => undefined),
      }),
    },
  } as unknown as AttemptContext
  const task = { sql: 'select 1', database: null, connection: null } as unknown as CheckTask
  const running = runInDatabase(task, context, { transaction: 'task', outputs: [], check: null })
  running.stop(false)
  running.stop(true)
  running.stop(true)
  expect(told).toEqual(['interrupt', 'interrupt', 'interrupt'])
  await vi.advanceTimersByTimeAsync(500)
  expect(told).toContain('kill')
})
