import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SYSTEM_PYTHONS } from './fork-server.ts'
import { groupAlive, readStat } from './processes.ts'
import {
  encodeFrame,
  type FromSpawner,
  frameReader,
  LINE,
  monotonic,
  type PrepareProcess,
  type ToSpawner,
} from './protocol.ts'
import { sweepOrphans } from './record.ts'
import { childrenOf } from './sampler.ts'

const hasForkServer = process.platform === 'linux' && SYSTEM_PYTHONS.some((path) => existsSync(path))
/** Without a terminal other shells have no job control. */
const BASH = '/bin/bash'
const hasBash = process.platform === 'linux' && existsSync(BASH)

let folder: string
let record: string
let spawner: ChildProcess
let messages: FromSpawner[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dagwright-spawner-'))
  record = join(folder, 'processes.ndjson')
  messages = []
  spawner = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  })
  spawner.stdout!.setEncoding('utf8')
  spawner.stdout!.on(
    'data',
    frameReader<FromSpawner>((message) => messages.push(message)),
  )
  tell({ type: 'configure', record })
})
afterEach(async () => {
  const gone = spawner.exitCode !== null || spawner.signalCode !== null
  if (!gone) {
    const closed = new Promise((resolve) => spawner.once('close', resolve))
    spawner.stdin!.end()
    await closed
  }
  rmSync(folder, { recursive: true, force: true })
})

function tell(message: ToSpawner): void {
  spawner.stdin!.write(encodeFrame(message))
}

function start(id: number, script: string, shell = '/bin/sh'): void {
  prepare(id, script, [], shell)
  tell({ type: 'begin', id })
}

function prepare(id: number, script: string, files: PrepareProcess['files'] = [], shell = '/bin/sh'): void {
  const request: PrepareProcess = {
    type: 'prepare',
    id,
    run: 'r',
    command: shell,
    args: ['-c', script],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', DAGWRIGHT_RUN_ID: 'r', DAGWRIGHT_TMP: join(folder, `scratch-${id}`) },
    log: join(folder, `${id}.log`),
    epoch: monotonic(),
    secrets: [],
    graceMilliseconds: 200,
    scratch: join(folder, `scratch-${id}`),
    files,
    output: 'output',
    outputLimit: 1000,
  }
  tell(request)
}

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const startedOf = (id: number) =>
  until(() => messages.find((message) => message.type === 'started' && message.id === id)) as Promise<
    Extract<FromSpawner, { type: 'started' }>
  >
const endedOf = (id: number) =>
  until(() => messages.find((message) => message.type === 'ended' && message.id === id)) as Promise<
    Extract<FromSpawner, { type: 'ended' }>
  >

test('when its pipe closes it kills every group, stubborn ones too', async () => {
  const count = 12
  for (let id = 0; id < count; id += 1)
    start(id, `trap '' TERM; (trap '' TERM; sleep 300) & echo up > up${id}; sleep 300; true`)
  const started = await Promise.all(Array.from({ length: count }, (_, id) => startedOf(id)))
  await until(() =>
    Array.from({ length: count }, (_, id) => id).every((id) => existsSync(join(folder, `up${id}`))) ? true : undefined,
  )
  spawner.stdin!.end()
  await until(() => (started.some(({ pid }) => groupAlive(pid)) ? undefined : true))
})

const pidIn = (file: string) =>
  until(() => (existsSync(join(folder, file)) ? Number(readFileSync(join(folder, file), 'utf8')) : 0) || undefined)

test.runIf(hasBash)('what has a group of its own by job control ends with its task', async () => {
  // One that heeds, one that has let go of the pipes and does not.
  const stubborn = `trap "" TERM; echo $$ > stubborn; while :; do sleep 0.01; done`
  start(1, `set -m; sh -c 'echo $$ > meek; exec sleep 300' & sh -c '${stubborn}' > /dev/null 2>&1 & wait`, BASH)
  const pids = [await pidIn('meek'), await pidIn('stubborn')]
  expect(pids.map((pid) => readStat(pid)!.group)).toEqual(pids)
  tell({ type: 'stop', id: 1, kill: false })
  expect(await endedOf(1)).toMatchObject({ signal: 'SIGTERM' })
  await until(() => (pids.some((pid) => groupAlive(pid)) ? undefined : true))
  expect(readFileSync(join(folder, '1.log'), 'utf8')).toContain('Killed (SIGKILL)')
})

test.skipIf(process.platform === 'win32')('a stopped task hears that it shall end', async () => {
  start(1, `trap 'echo cleaned; exit 4' TERM; kill -STOP $$; sleep 300`)
  const { pid } = await startedOf(1)
  if (process.platform === 'linux') await until(() => (readStat(pid)?.state === 'T' ? true : undefined))
  tell({ type: 'stop', id: 1, kill: false })
  expect(await endedOf(1)).toMatchObject({ exitCode: 4 })
})

test.runIf(hasForkServer && hasBash)(
  'of a spawner that leads its session nothing is left but what left the session',
  async () => {
    const leading = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    })
    const closed = new Promise((resolve) => spawner.once('close', resolve))
    spawner.stdin!.end()
    await closed
    spawner = leading
    tell({ type: 'configure', record })
    // Its task has ended: nobody looks for it any more.
    start(1, `set -m; sh -c 'echo $$ > left; exec sleep 300' > /dev/null 2>&1 &`, BASH)
    const left = await pidIn('left')
    start(2, `set -m; sh -c 'echo $$ > child; exec sleep 300' & wait`, BASH)
    const child = await pidIn('child')
    start(3, `setsid sh -c 'echo $$ > daemon; exec sleep 300' > /dev/null 2>&1 &`)
    const daemon = await pidIn('daemon')
    leading.kill('SIGKILL')
    await until(() => ([left, child].some((pid) => groupAlive(pid)) ? undefined : true))
    expect(groupAlive(daemon)).toBe(true)
    process.kill(daemon, 'SIGKILL')
  },
)

test('what survived a killed spawner is found by its record and killed; foreign processes are not', async () => {
  start(1, 'sleep 300; true')
  start(2, 'sleep 300 & exit 0')
  const survivor = await startedOf(1)
  const other = await startedOf(2)
  await until(() => (readFileSync(record, 'utf8').split('\n').length >= 3 ? true : undefined))
  // The fork server, where there is one, would end them: it dies as well.
  const helpers = childrenOf(spawner.pid!).filter((pid) => pid !== survivor.pid && pid !== other.pid)
  for (const pid of helpers) process.kill(pid, 'SIGSTOP')
  const closed = new Promise((resolve) => spawner.once('close', resolve))
  spawner.kill('SIGKILL')
  for (const pid of helpers) process.kill(pid, 'SIGKILL')
  await closed
  expect(groupAlive(survivor.pid)).toBe(true)

  const lines = readFileSync(record, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const own = { ...JSON.parse(lines[0]!), pid: process.pid, start: 1, run: 'foreign' }
  const otherBoot = { ...JSON.parse(lines[0]!), boot: 'another' }
  const forged = join(folder, 'forged.ndjson')
  writeFileSync(forged, `${JSON.stringify(own)}\n${JSON.stringify(otherBoot)}\nnot json\n{"pid":1}\n`)
  expect(sweepOrphans(forged)).toEqual([])
  expect(groupAlive(survivor.pid)).toBe(true)

  expect(sweepOrphans(record).map(({ pid }) => pid)).toContain(survivor.pid)
  await until(() => (groupAlive(survivor.pid) ? undefined : true))
  expect(existsSync(record)).toBe(false)
  expect(sweepOrphans(record)).toEqual([])
})

test('exit codes, signals, outputs, usage and the end of standard error', async () => {
  start(1, 'echo k=v > scratch-1/output; echo one >&2; echo two >&2; exit 7')
  start(2, 'kill -9 $$')
  start(3, 'head -c 2000 /dev/zero > scratch-3/output')
  start(4, 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sleep 0.3')
  expect(await endedOf(1)).toMatchObject({
    exitCode: 7,
    signal: null,
    output: { text: 'k=v\n' },
    errorTail: 'one\ntwo\n',
  })
  expect(await endedOf(2)).toMatchObject({ exitCode: null, signal: 'SIGKILL', output: null })
  expect(await endedOf(3)).toMatchObject({ exitCode: 0, output: { tooLarge: 2000 } })
  const busy = await endedOf(4)
  expect(busy.peakMemory).toBeGreaterThan(100_000)
  expect(busy.cpu).toBeGreaterThan(10_000)
  expect(existsSync(join(folder, 'scratch-1'))).toBe(false)
})

test('a hundred starts at once all end, in any order, each with its own log', async () => {
  for (let id = 0; id < 100; id += 1) start(id, `echo ${id}`)
  await Promise.all(Array.from({ length: 100 }, (_, id) => endedOf(id)))
  for (let id = 0; id < 100; id += 1) {
    expect(readFileSync(join(folder, `${id}.log`), 'utf8')).toMatch(new RegExp(`^\\d+ o ${id}\\n$`))
  }
})

const MEGABYTE = 2 ** 20

test.skipIf(process.platform !== 'linux')(
  'a task that floods its output is held back: it costs no memory, and others run meanwhile',
  async () => {
    start(0, 'yes | head -c 1073741824')
    await startedOf(0)
    for (let id = 1; id <= 20; id += 1) {
      start(id, `echo ${id}`)
      await endedOf(id)
    }
    expect(messages.some((message) => message.type === 'ended' && message.id === 0)).toBe(false)
    expect(await endedOf(0)).toMatchObject({ exitCode: 0, logProblem: null })
    expect(peakOf(spawner.pid!)).toBeLessThan(256 * MEGABYTE)
    for (const helper of childrenOf(spawner.pid!)) expect(peakOf(helper)).toBeLessThan(64 * MEGABYTE)
  },
  60_000,
)

/** Bytes that were resident at the worst. */
function peakOf(pid: number): number {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1])
}

test('a command that does not exist, a folder that does not, a stop before the start', async () => {
  const request = (id: number, command: string, cwd: string) => {
    tell({
      type: 'prepare',
      id,
      run: 'r',
      command,
      args: [],
      cwd,
      env: {},
      log: join(folder, `${id}.log`),
      epoch: 0,
      secrets: [],
      graceMilliseconds: 1,
      scratch: join(folder, `s${id}`),
      files: [],
      output: 'o',
      outputLimit: 1,
    })
    tell({ type: 'begin', id })
  }
  request(1, join(folder, 'nothing'), folder)
  request(2, '/bin/true', join(folder, 'nowhere'))
  request(3, '/bin/true', folder)
  tell({ type: 'stop', id: 3, kill: false })
  const refused = (id: number) =>
    until(() => messages.find((message) => message.type === 'refused' && message.id === id))
  expect(await refused(1)).toMatchObject({ code: 'ENOENT' })
  expect(await refused(2)).toMatchObject({ code: 'CWD' })
  const third = await until(() =>
    messages.find((message) => (message.type === 'refused' || message.type === 'ended') && message.id === 3),
  )
  expect(['refused', 'ended']).toContain(third.type)
})

test('what is prepared waits for its word: stopped before it never runs, nor does it when the pipe closes', async () => {
  for (const id of [1, 2, 3]) prepare(id, `echo ran > ran${id}`)
  start(4, 'exit 0')
  await endedOf(4)
  tell({ type: 'stop', id: 1, kill: false })
  tell({ type: 'begin', id: 1 })
  expect(await until(() => messages.find((message) => message.type === 'refused' && message.id === 1))).toMatchObject({
    code: 'STOPPED',
  })
  expect(existsSync(join(folder, 'scratch-1'))).toBe(false)
  tell({ type: 'begin', id: 2 })
  expect(await endedOf(2)).toMatchObject({ exitCode: 0 })
  const closed = new Promise((resolve) => spawner.once('close', resolve))
  spawner.stdin!.end()
  await closed
  expect([1, 2, 3].filter((id) => existsSync(join(folder, `ran${id}`)))).toEqual([2])
})

test.skipIf(!hasForkServer)(
  'a word over the line begins it, and may come before what it is about; tasks do not see the line',
  async () => {
    const word = (id: number) => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(id)
      for (const byte of bytes) (spawner.stdio[LINE] as Writable).write(Buffer.of(byte))
    }
    expect(await until(() => messages.find((message) => message.type === 'ready'))).toMatchObject({ line: true })
    word(2)
    prepare(1, 'readlink /proc/$$/fd/* > open1')
    prepare(2, 'exit 4')
    expect(await endedOf(2)).toMatchObject({ exitCode: 4 })
    expect(existsSync(join(folder, 'open1'))).toBe(false)
    word(1)
    await endedOf(1)
    expect(readFileSync(join(folder, 'open1'), 'utf8')).not.toContain('socket')
  },
)

test('this process is known by its start', () => {
  expect(readStat(process.pid)?.startTicks).toBeGreaterThan(0)
  expect(readStat(2 ** 30)).toBeNull()
})

test.skipIf(!hasForkServer)(
  'a fork server that dies takes its spawner and every task with it, and what had ended is still told',
  async () => {
    start(1, 'exit 3')
    await endedOf(1)
    start(2, 'sleep 300 & sleep 300')
    const running = await startedOf(2)
    const helpers = childrenOf(spawner.pid!).filter((pid) => pid !== running.pid)
    expect(helpers).toHaveLength(1)
    const closed = new Promise((resolve) => spawner.once('close', resolve))
    for (const pid of helpers) process.kill(pid, 'SIGKILL')
    await closed
    expect(spawner.exitCode).toBe(1)
    await until(() => (groupAlive(running.pid) ? undefined : true))
  },
)

test('what could not be readied leaves no private folder', async () => {
  prepare(1, 'true', [{ name: 'missing/run.sh', text: '' }])
  const refused = await until(() => messages.find((message) => message.type === 'refused'))
  expect(refused).toMatchObject({ id: 1, code: 'ENOENT' })
  await until(() => (existsSync(join(folder, 'scratch-1')) ? undefined : true))
})

test.each([
  ['mkfifo output', 'plain file'],
  ['mkdir output', 'plain file'],
  ['ln -s /dev/zero output', 'plain file'],
])('outputs that are no file are told, and hold nobody up: %s', async (make, why) => {
  start(1, `cd scratch-1 && ${make}`)
  expect((await endedOf(1)).output).toEqual({ unreadable: expect.stringContaining(why) })
})
