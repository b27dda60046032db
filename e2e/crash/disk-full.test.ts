import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { decodeJournal } from '#shared/journal/codec.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { CrashWorkspace, eventually, UNTESTABLE } from './workspace.ts'

/** A real disk that is full: a file system in memory of this size, which only root may mount. */
const SIZE = '4m'
const HANG_MILLISECONDS = 180_000

let disk: string | null = null
let workspace: CrashWorkspace | null = null

/** null, with a message, where no such disk can be had. */
function mountDisk(): string | null {
  if (UNTESTABLE !== null) return null
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'none', folder], { encoding: 'utf8' })
  if (mounted.status === 0) return folder
  rmSync(folder, { recursive: true })
  const why = mounted.error?.message ?? mounted.stderr.trim()
  console.log(`Skipped: a disk that can be filled needs a file system mounted by root (${why}).`)
  return null
}

beforeAll(() => {
  disk = mountDisk()
})
afterEach(() => {
  workspace?.dispose()
  workspace = null
})
afterAll(() => {
  if (disk === null) return
  spawnSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

/** Takes all that is left of the disk. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  for (let bytes = 64 * 1024; bytes >= 1; bytes /= 2) {
    try {
      for (;;) writeSync(file, Buffer.alloc(bytes))
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(file)
}

const PIPELINE = `dagwright: 1
id: crash
concurrency: 2
tasks:
  first: { kind: shell, run: 'echo first >> lines.txt; echo "v:=1" >> "$DAGWRIGHT_OUTPUT"' }
  wait: { kind: shell, needs: [first], run: 'while [ ! -e go ]; do sleep 0.02; done; sleep 0.2' }
  many: { kind: shell, needs: [wait], forEach: [1, 2, 3, 4, 5, 6, 7, 8], run: 'echo \${{ item + tasks.first.outputs.v }}' }
  last: { kind: shell, needs: [many], run: 'true' }
`

test('a full disk stops the run: it says so, keeps what it had, and resumes once there is room', {
  timeout: HANG_MILLISECONDS,
}, async (context) => {
  if (disk === null) return context.skip()
  const own = new CrashWorkspace(disk)
  workspace = own
  own.put('crash.dag.yaml', PIPELINE)
  const { outcome } = own.start('run', 'crash.dag.yaml', '--json')
  const waits = (event: JournalEvent) => event.type === 'started' && event.task === 'wait'
  await eventually(
    () => own.events().some(waits),
    () => 'a start of `wait`',
  )
  own.put('go', '')
  fill(join(disk, 'filler'))
  const saved = own.events()

  const { code, stdout, stderr } = await outcome
  expect(code).toBe(1)
  expect(stderr).toContain('DISK_FULL')
  expect(stderr).toContain('dagwright resume')
  expect(JSON.parse(stdout)).toMatchObject({ state: 'interrupted', tasks: { first: { state: 'success' } } })
  const { events, damaged } = decodeJournal(readFileSync(own.journalPath!))
  expect(damaged).toBeNull()
  expect(events.slice(0, saved.length)).toEqual(saved)
  await eventually(
    () => own.processes().length === 0,
    () => `an end of ${JSON.stringify(own.processes())}`,
  )

  rmSync(join(disk, 'filler'))
  const resumed = await own.run('resume', 'last', '--json')
  expect(resumed.code, resumed.stderr).toBe(0)
  expect(JSON.parse(resumed.stdout)).toMatchObject({
    state: 'success',
    tasks: { first: { attempts: 1, outputs: { v: 1 } }, many: { state: 'success' }, last: { state: 'success' } },
  })
  expect(own.lines()).toEqual(['first'])
})

test('a run that cannot begin on a full disk says so, and nothing runs', {
  timeout: HANG_MILLISECONDS,
}, async (context) => {
  if (disk === null) return context.skip()
  const own = new CrashWorkspace(disk)
  workspace = own
  own.put('crash.dag.yaml', PIPELINE)
  fill(join(disk, 'filler'))
  const { code, stderr } = await own.run('run', 'crash.dag.yaml')
  rmSync(join(disk, 'filler'))
  expect(code).toBe(2)
  expect(stderr).toContain('DISK_FULL')
  expect(own.lines()).toEqual([])
})
