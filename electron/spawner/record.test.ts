import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { groupAlive, groupMembers, readStat } from './processes.ts'
import { ProcessRecord, sweepOrphans } from './record.ts'

/** Without a terminal other shells have no job control. */
const hasBash = process.platform === 'linux' && existsSync('/bin/bash')

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

/**
 * Runs a script as a task is run: it leads a group in this process's session. Resolves to its pid, and to those it
 * printed, when it is gone and waited for.
 */
async function group(script: string): Promise<readonly number[]> {
  const program =
    'import os, sys; os.wait4(os.posix_spawn("/bin/bash", ["bash", "-c", sys.argv[1]], os.environ, setpgroup=0), 0)'
  const starter = spawn('python3', ['-c', program, `echo $$; ${script}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DAGWRIGHT_RUN_ID: 'r' },
  })
  let text = ''
  starter.stdout.on('data', (chunk) => {
    text += String(chunk)
  })
  await new Promise((resolve) => starter.once('close', resolve))
  return text.trim().split('\n').map(Number)
}

test.runIf(hasBash)('what a leader that is gone left behind is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-record-'))
  const path = join(folder, 'processes')
  const [pid] = (await group('sleep 60 > /dev/null & sleep 60 > /dev/null &')) as [number]
  try {
    expect(readStat(pid)).toBe(null)
    expect(groupMembers(pid)).toHaveLength(2)
    const start = readStat(groupMembers(pid)![0]!)!.startTicks
    // It was over before it could be looked at.
    new ProcessRecord(path).started(pid, 'r')
    const recorded = JSON.parse(readFileSync(path, 'utf8'))
    expect(recorded).toMatchObject({ start: null, session: readStat(process.pid)!.session })
    // The number came to another group since: of another session, or one that began before.
    for (const foreign of [{ session: 1 }, { start: start + 1 }, { boot: 'another' }]) {
      writeFileSync(join(folder, 'foreign'), JSON.stringify({ ...recorded, ...foreign }))
      expect(sweepOrphans(join(folder, 'foreign'))).toEqual([])
    }
    expect(groupMembers(pid)).toHaveLength(2)
    writeFileSync(path, JSON.stringify({ ...recorded, start }))
    expect(sweepOrphans(path)).toEqual([{ pid, run: 'r' }])
    await expect.poll(() => groupAlive(pid)).toBe(false)
  } finally {
    if (groupAlive(pid)) process.kill(-pid, 'SIGKILL')
    rmSync(folder, { recursive: true })
  }
})

test.runIf(process.platform === 'linux')(
  'what was over before it was recorded leaves nothing that survives',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dagwright-record-'))
    const path = join(folder, 'processes')
    const [plain] = await group('sleep 60 > /dev/null &')
    const [controlled, child] = await group('set -m; sleep 60 > /dev/null & echo $!')
    const left = [plain!, child!]
    try {
      expect(left.every((pid) => groupAlive(pid))).toBe(true)
      expect(groupAlive(controlled!)).toBe(false)
      const record = new ProcessRecord(path)
      record.started(plain!, 'r')
      record.started(controlled!, 'r')
      expect(sweepOrphans(path)).toEqual([{ pid: plain, run: 'r' }])
      await expect.poll(() => left.some((pid) => groupAlive(pid))).toBe(false)
    } finally {
      for (const pid of left) if (groupAlive(pid)) process.kill(-pid, 'SIGKILL')
      rmSync(folder, { recursive: true })
    }
  },
)
