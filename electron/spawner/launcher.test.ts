import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ForkServer, SYSTEM_PYTHONS } from './fork-server.ts'
import { type Launch, type Launcher, type LaunchOrder, NodeLauncher } from './launcher.ts'
import { groupAlive, readStat } from './processes.ts'

const python = process.platform === 'linux' ? SYSTEM_PYTHONS.find((path) => existsSync(path)) : undefined

let folder: string
let orders = 0
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'dagwright-launcher-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Fate {
  pid: number | null
  out: Buffer
  err: Buffer
  code: number | null
  signal: string | null
  alone: boolean | null
  refused: string | null
  launch: Launch
}

const cases: [string, () => Launcher][] = [['Node itself', () => new NodeLauncher()]]
if (python !== undefined) {
  cases.push([
    'the fork server',
    () =>
      new ForkServer(python, null, () => {
        throw new Error('The fork server died.')
      }),
  ])
}

describe.skipIf(process.platform === 'win32').each(cases)('%s', (_, create) => {
  let launcher: Launcher
  beforeEach(() => {
    launcher = create()
  })
  afterEach(() => launcher.close())

  function prepare(
    order: Partial<LaunchOrder>,
    onChunk: (fate: Fate) => void = () => undefined,
  ): { fate: Fate; over: Promise<Fate> } {
    const told: string[] = []
    const fate = {
      pid: null,
      out: Buffer.alloc(0),
      err: Buffer.alloc(0),
      code: null,
      signal: null,
      alone: null,
      refused: null,
    } as unknown as Fate
    const over = new Promise<Fate>((resolve) => {
      fate.launch = launcher.prepare(
        { id: ++orders, command: '/bin/sh', args: [], cwd: folder, env: {}, ...order },
        {
          started(pid) {
            told.push('started')
            fate.pid = pid
          },
          refused(code) {
            expect(told).toEqual([])
            fate.refused = code
            resolve(fate)
          },
          output(stream, chunk) {
            fate[stream] = Buffer.concat([fate[stream], chunk])
            onChunk(fate)
          },
          exited(code, signal) {
            expect(told).toEqual(['started'])
            told.push('exited')
            Object.assign(fate, { code, signal })
          },
          closed(alone) {
            expect(told).toEqual(['started', 'exited'])
            fate.alone = alone
            resolve(fate)
          },
        },
      )
      // Nothing may be told before the call has returned.
      expect(told).toEqual([])
    })
    return { fate, over }
  }

  function launch(...what: Parameters<typeof prepare>): ReturnType<typeof prepare> {
    const prepared = prepare(...what)
    prepared.fate.launch.begin()
    return prepared
  }

  const shell = (script: string, order: Partial<LaunchOrder> = {}) => launch({ args: ['-c', script], ...order }).over

  test('exit codes and signals; the usual signals end it although this process ignores some', async () => {
    expect(await shell('exit 0')).toMatchObject({ code: 0, signal: null })
    expect(await shell('exit 255')).toMatchObject({ code: 255, signal: null })
    for (const signal of ['KILL', 'TERM', 'PIPE', 'INT', 'HUP', 'XFSZ', 'ABRT']) {
      expect(await shell(`kill -${signal} $$`)).toMatchObject({ code: null, signal: `SIG${signal}` })
    }
  })

  test('its environment is what was said, byte for byte, and nothing else', async () => {
    const env = { A: 'one', EMPTY: '', UNICODE: 'ü\u{1f680}', LINES: 'a\nb=c\n', LONE: 'x\ud800y' }
    const { out } = await launch({ command: '/usr/bin/env', args: ['-0'], env }).over
    expect(out.toString().split('\0').filter(Boolean).sort()).toEqual(
      ['A=one', 'EMPTY=', 'UNICODE=ü\u{1f680}', 'LINES=a\nb=c\n', 'LONE=x\ufffdy'].sort(),
    )
  })

  test('arguments, working directory, no input, and streams told apart', async () => {
    const script = 'cat; pwd; printf "[%s]" "$@" >&2'
    const { out, err } = await launch({ args: ['-c', script, 'sh', 'a b', '', '\'"\n', 'ü'] }).over
    expect(out.toString()).toBe(`${folder}\n`)
    expect(err.toString()).toBe(`[a b][]['"\n][ü]`)
  })

  test('much output of many at once comes whole and in order', async () => {
    const fates = await Promise.all(
      Array.from({ length: 6 }, (_, number) =>
        shell(`i=0; while [ $i -lt 3000 ]; do echo ${number} $i; i=$((i+1)); done`),
      ),
    )
    for (const [number, { out }] of fates.entries()) {
      expect(out.toString()).toBe(Array.from({ length: 3000 }, (_, line) => `${number} ${line}\n`).join(''))
    }
    const { out } = await shell('head -c 5000000 /dev/zero')
    expect(out.equals(Buffer.alloc(5_000_000))).toBe(true)
  })

  test('it leads a group of its own', async () => {
    const { over } = launch({ args: ['-c', 'echo up; sleep 300 & wait'] }, ({ pid }) => {
      if (process.platform === 'linux') expect(readStat(pid!)).toMatchObject({ group: pid })
      process.kill(-pid!, 'SIGKILL')
    })
    const { pid, signal } = await over
    expect(signal).toBe('SIGKILL')
    expect(groupAlive(pid!)).toBe(false)
  })

  test('whoever still holds its pipes keeps it open, until they are closed here', async () => {
    const { fate, over } = launch({ args: ['-c', 'sleep 300 & echo $!'] })
    while (fate.code === null) await new Promise((resolve) => setTimeout(resolve, 5))
    const early = await Promise.race([
      over.then(() => 'closed'),
      new Promise((resolve) => setTimeout(resolve, 50, 'open')),
    ])
    expect(early).toBe('open')
    fate.launch.disconnect()
    expect((await over).alone).toBe(false)
    process.kill(Number(fate.out.toString()), 'SIGKILL')
  })

  test('it begins when it is told to, not before, and not at all once it is withdrawn', async () => {
    const marks = (name: string) => existsSync(join(folder, name))
    const [later, withdrawn, late] = ['later', 'withdrawn', 'late'].map((name) =>
      prepare({ args: ['-c', `: > ${name}`] }),
    )
    await shell('exit 0')
    withdrawn!.fate.launch.withdraw()
    withdrawn!.fate.launch.begin()
    expect((await withdrawn!.over).refused).toBe('STOPPED')
    expect(['later', 'withdrawn', 'late'].filter(marks)).toEqual([])
    later!.fate.launch.begin()
    expect(await later!.over).toMatchObject({ code: 0, refused: null })
    late!.fate.launch.begin()
    while (late!.fate.pid === null) await new Promise((resolve) => setTimeout(resolve, 1))
    late!.fate.launch.withdraw()
    expect(await late!.over).toMatchObject({ code: 0, refused: null })
    expect(['later', 'withdrawn', 'late'].filter(marks)).toEqual(['later', 'late'])
  })

  test('what the system refuses is said, and hurts nobody else', async () => {
    writeFileSync(join(folder, 'plain'), 'text', { mode: 0o644 })
    const others = shell('echo fine')
    expect((await launch({ command: join(folder, 'missing') }).over).refused).toBe('ENOENT')
    expect((await launch({ command: join(folder, 'plain') }).over).refused).toBe('EACCES')
    expect((await launch({ cwd: join(folder, 'nowhere') }).over).refused).toBe('ENOENT')
    expect((await launch({ env: { BIG: 'x'.repeat(300_000) } }).over).refused).toBe('E2BIG')
    expect((await launch({ args: ['a\0b'] }).over).refused).not.toBeNull()
    expect((await others).out.toString()).toBe('fine\n')
  })
})

test.skipIf(python === undefined)(
  'a fork server that does not come up says so; one that closes ends what it ran',
  async () => {
    expect(await new ForkServer(join(folder, 'no-python'), null, () => undefined).ready).toBe(false)
    const unable = 'import os, sys\ndel os.posix_spawn\nexec(sys.argv[-1])'
    writeFileSync(join(folder, 'old-python'), `#!/bin/sh\nexec ${python} -c '${unable}' "$@"\n`, { mode: 0o755 })
    expect(await new ForkServer(join(folder, 'old-python'), null, () => undefined).ready).toBe(false)
    const server = new ForkServer(python!, null, () => undefined)
    expect(await server.ready).toBe(true)
    const pid = await new Promise<number>((resolve) => {
      const ignore = () => undefined
      const listener = { started: resolve, refused: ignore, output: ignore, exited: ignore, closed: ignore }
      server.prepare({ id: 1, command: '/bin/sleep', args: ['300'], cwd: folder, env: {} }, listener).begin()
    })
    expect(groupAlive(pid)).toBe(true)
    await server.close()
    while (groupAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
  },
)
