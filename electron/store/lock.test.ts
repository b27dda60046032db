import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from './disk.ts'
import { acquireLock, lockHolder } from './lock.ts'
import { MemoryDisk } from './memory-disk.testing.ts'
import { identityOf } from './process-identity.ts'

const FACTS = { socket: '/tmp/x.sock', label: 'a test', now: new Date('2026-11-21T12:14:55Z') }

/** Takes the lock when told `go`, says `held` or whose it is, and gives it back when told `release`. */
const RIVAL = `
  import { createInterface } from 'node:readline'
  import { nodeDisk } from '${import.meta.dirname}/disk.ts'
  import { acquireLock } from '${import.meta.dirname}/lock.ts'
  const folder = process.argv[1]
  let lock = null
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'go') {
      const outcome = await acquireLock(nodeDisk, folder, { socket: 's', label: 'rival ' + process.pid, now: new Date() })
      lock = outcome.lock ?? null
      console.log(lock ? 'held' : 'busy ' + outcome.holder.pid)
    }
    if (line === 'release') { await lock?.release(); lock = null; console.log('released') }
  }
`

interface Rival {
  readonly process: ChildProcess
  say(line: string): Promise<string>
}

describe('the lock of a workspace', () => {
  let folder: string
  let rivals: Rival[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dagwright-lock-'))
  })
  afterEach(async () => {
    for (const rival of rivals) await end(rival)
    rivals = []
    await rm(folder, { recursive: true })
  })

  async function end(rival: Rival): Promise<void> {
    if (rival.process.exitCode !== null || rival.process.signalCode !== null) return
    const ended = once(rival.process, 'exit')
    rival.process.kill('SIGKILL')
    await ended
  }

  async function rival(): Promise<Rival> {
    // Node strips the types itself and resolves `#shared/…` by package.json.
    const child = spawn(process.execPath, ['--input-type=module', '-e', RIVAL, folder], {
      cwd: import.meta.dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
    const made: Rival = {
      process: child,
      async say(line) {
        child.stdin!.write(`${line}\n`)
        return (await lines.next()).value ?? 'ended'
      },
    }
    rivals.push(made)
    return made
  }

  it('is one process’s at a time', async () => {
    const [a, b] = [await rival(), await rival()]
    expect(await a.say('go')).toBe('held')
    expect(await b.say('go')).toBe(`busy ${a.process.pid}`)
    expect(await lockHolder(nodeDisk, folder)).toMatchObject({
      pid: a.process.pid,
      label: `rival ${a.process.pid}`,
      socket: 's',
    })
    expect(await acquireLock(nodeDisk, folder, FACTS)).toMatchObject({ holder: { pid: a.process.pid } })
    await a.say('release')
    expect(await lockHolder(nodeDisk, folder)).toBeNull()
    expect(await b.say('go')).toBe('held')
  })

  it('of a process that was killed is free', async () => {
    const a = await rival()
    expect(await a.say('go')).toBe('held')
    await end(a)
    expect(await lockHolder(nodeDisk, folder)).toBeNull()
    const outcome = await acquireLock(nodeDisk, folder, FACTS)
    expect(outcome).toHaveProperty('lock')
    expect(await readdir(join(folder, 'lock'))).toHaveLength(1)
  })

  it('is exactly one’s when several ask in the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, rival))
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(all.map((one) => one.say('go')))
      expect(answers.filter((one) => one === 'held')).toHaveLength(1)
      await Promise.all(all.map((one) => one.say('release')))
      expect(await lockHolder(nodeDisk, folder)).toBeNull()
    }
  })
})

it('that could not be taken for a full disk is free once there is room', async () => {
  const steps = new MemoryDisk()
  await acquireLock(steps, '/state', FACTS)
  for (let step = 1; step <= steps.operations; step++) {
    const disk = new MemoryDisk()
    disk.fault = (_operation, _path, number) => (number === step ? 'ENOSPC' : null)
    await expect(acquireLock(disk, '/state', FACTS)).rejects.toMatchObject({ data: { code: 'DISK_FULL' } })
    expect(await acquireLock(disk, '/state', FACTS)).toHaveProperty('lock')
  }
})

describe('a claim', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dagwright-claim-'))
    await mkdir(join(folder, 'lock'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function leave(changes: Record<string, unknown>): Promise<void> {
    const identity = await identityOf(process.pid)
    const claim = {
      ...identity,
      socket: 's',
      label: 'left behind',
      since: '2026-01-01T00:00:00Z',
      held: true,
      ...changes,
    }
    await writeFile(join(folder, 'lock', '1-left.json'), JSON.stringify(claim))
  }

  it('of a living process counts', async () => {
    await leave({})
    expect(await acquireLock(nodeDisk, folder, FACTS)).toMatchObject({ holder: { label: 'left behind' } })
  })

  it.each([
    ['a pid that came back in another process', { startTime: 'long ago' }],
    ['an earlier boot', { bootId: 'another' }],
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
  ])('of %s does not', async (name, changes) => {
    if (name.startsWith('a pid') && process.platform === 'win32') return
    await leave(changes)
    expect(await lockHolder(nodeDisk, folder)).toBeNull()
    expect(await acquireLock(nodeDisk, folder, FACTS)).toHaveProperty('lock')
  })

  it('of another computer counts, as nobody here can tell whether it runs', async () => {
    await leave({ host: 'elsewhere', bootId: 'another', pid: 2 ** 22 + 1 })
    expect(await lockHolder(nodeDisk, folder)).toMatchObject({ host: 'elsewhere' })
  })

  it('that cannot be read is none', async () => {
    await writeFile(join(folder, 'lock', '1-left.json'), '{"pid": ')
    await writeFile(join(folder, 'lock', '2-left.json'), '{"pid": "x"}')
    expect(await acquireLock(nodeDisk, folder, FACTS)).toHaveProperty('lock')
  })
})
