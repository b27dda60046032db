import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ProcessRecord, sweepOrphans } from './record.ts'

test.runIf(process.platform === 'linux')('the record is empty when nothing runs, and goes on from there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-record-'))
  const path = join(folder, 'processes')
  const processes = [1, 2, 3].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }))
  const [first, second, third] = processes.map(({ pid }) => pid!) as [number, number, number]
  try {
    const record = new ProcessRecord(path)
    record.started(first, 'r')
    record.started(second, 'r')
    record.ended(first)
    record.flush()
    expect(readFileSync(path, 'utf8')).toContain(`{"pid":${first},"ended":true}`)
    record.ended(second)
    record.flush()
    expect(readFileSync(path, 'utf8')).toBe('')
    record.started(third, 'later')
    const exit = new Promise((resolve) => processes[2]!.once('exit', (_code, signal) => resolve(signal)))
    // What had ended is no matter of the record any more, whether or not it is still there.
    expect(sweepOrphans(path)).toEqual([{ pid: third, run: 'later' }])
    expect(await exit).toBe('SIGKILL')
  } finally {
    for (const process of processes) process.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})
