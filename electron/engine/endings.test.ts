import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStat } from '#electron/spawner/processes.ts'
import { type Bench, bench, processesWith } from './engine.testing.ts'

let host: Bench
beforeEach(() => {
  host = bench(300)
})
afterEach(() => host.dispose())

/** Resolves once `test` holds. */
async function eventually(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 10))
}

const STUBBORN = `
tasks:
  stubborn:
    kind: shell
    run: |
      trap '' TERM
      echo ready >&2
      (trap '' TERM; sleep 300) &
      sleep 300
  next: { kind: shell, needs: [stubborn], run: 'true' }
`

test('cancel ends a task that ignores SIGTERM, and all it started', async () => {
  const started = host.start(STUBBORN)
  await started.until((event) => event.type === 'started')
  await eventually(() => processesWith(host.root).length >= 2)
  await started.cancel(false)
  const run = await started.finished()
  expect(run.state).toBe('cancelled')
  expect(run.states).toEqual({ stubborn: 'cancelled', next: 'cancelled' })
  expect(run.log('stubborn')).toContain('Killed (SIGKILL)')
  await eventually(() => tasksOf(host).length === 0)
})

test('a kill does not wait, and a second cancel may be one', async () => {
  const slow = bench(60_000)
  const started = slow.start(STUBBORN)
  await started.until((event) => event.type === 'started')
  await eventually(() => processesWith(slow.root).length >= 2)
  await started.cancel(false)
  await started.cancel(true)
  expect((await started.finished()).state).toBe('cancelled')
  await slow.dispose()
})

test('what a task leaves running ends with it', async () => {
  const run = await host.run(`
tasks:
  a: { kind: shell, run: 'sleep 300 > /dev/null 2>&1 & echo done' }
  b: { kind: shell, run: 'sleep 300 & echo done' }
`)
  expect(run.state).toBe('success')
  expect(run.log('a')).toContain('left processes running')
  await eventually(() => tasksOf(host).length === 0)
})

test('100 MB of output: head, tail and the cut are kept, memory does not grow', async () => {
  const started = host.start(`
tasks:
  a: { kind: shell, run: 'head -c 104857600 /dev/zero | tr "\\0" x | fold -w 99; echo; echo the end' }
`)
  await started.until((event) => event.type === 'started')
  let peak = 0
  const sampler = setInterval(() => {
    for (const pid of spawnersOf(host)) peak = Math.max(peak, (readStat(pid)?.residentPages ?? 0) * 4096)
  }, 20)
  const run = await started.finished()
  clearInterval(sampler)
  expect(run.state).toBe('success')
  const size = statSync(join(run.directory, 'logs/a.1.log')).size
  expect(size).toBeLessThan(9 * 1024 * 1024)
  expect(size).toBeGreaterThan(7 * 1024 * 1024)
  expect(run.log('a')).toMatch(/\[cut \d+\]/)
  expect(run.log('a').endsWith('the end')).toBe(true)
  expect(peak).toBeGreaterThan(0)
  expect(peak).toBeLessThan(250 * 1024 * 1024)
})

test('when the spawner dies its tasks are killed, lost, and run again without using a retry', async () => {
  const started = host.start(`
tasks:
  a: { kind: shell, run: 'if [ -e marker ]; then echo again; else touch marker; sleep 300; fi' }
  b: { kind: noop, needs: [a] }
`)
  await started.until((event) => event.type === 'started')
  await eventually(() => existsSync(join(host.root, 'marker')))
  await eventually(() => processesWith(host.root).length >= 2)
  const before = tasksOf(host)
  for (const pid of spawnersOf(host)) process.kill(pid, 'SIGKILL')
  const run = await started.finished()
  expect(run.state).toBe('success')
  const outcomes = run.events.flatMap((event) =>
    event.type === 'finished' && event.task === 'a' ? [event.outcome] : [],
  )
  expect(outcomes).toEqual(['lost', 'success'])
  expect(run.log('a', 2)).toBe('again')
  expect(before.length).toBeGreaterThan(0)
  expect(before.filter((pid) => (readStat(pid)?.state ?? 'Z') !== 'Z')).toEqual([])
})

test('a full disk stops the run: nothing more starts, what runs is killed, the error says why', async () => {
  const started = host.start(
    `
tasks:
  long: { kind: shell, run: sleep 300 }
  quick: { kind: shell, run: sleep 0.3 }
  never: { kind: shell, needs: [quick], run: touch never-ran }
`,
    { failAppendAt: (event) => event.type === 'finished' },
  )
  const run = await started.finished()
  expect(run.state).toBe('interrupted')
  expect(run.error).toMatchObject({ code: 'DISK_FULL' })
  expect(run.events.some((event) => event.type === 'finished')).toBe(false)
  await eventually(() => tasksOf(host).length === 0)
  expect(() => readFileSync(join(host.root, 'never-ran'))).toThrow()
})

test('an interrupted run is resumed: finished tasks stay, lost ones run again, with the outputs of before', async () => {
  const yaml = `
tasks:
  list: { kind: shell, run: 'echo ran >> list.txt; echo "items:=[1,2]" >> $DAGWRIGHT_OUTPUT' }
  each: { kind: shell, needs: [list], forEach: "\${{ tasks.list.outputs.items }}", run: 'if [ $DAGWRIGHT_ATTEMPT = 1 ] && [ \${{ item }} = 2 ]; then sleep 300; fi; echo "v:=\${{ item }}" >> $DAGWRIGHT_OUTPUT' }
  sum: { kind: shell, needs: [each], run: 'echo \${{ tasks.each.outputs.v }}' }
`
  const first = host.start(yaml, { id: 'r' })
  await first.until((event) => event.type === 'settled' && event.task === 'each' && event.index === 0)
  await first.until((event) => event.type === 'started' && event.task === 'each' && event.index === 1)
  const past = [...first.events]
  await first.cancel(true)
  await first.finished()

  const run = await host.run(yaml, { id: 'r', past })
  expect(run.state).toBe('success')
  expect(run.log('sum')).toBe('[1,2]')
  expect(readFileSync(join(host.root, 'list.txt'), 'utf8')).toBe('ran\n')
  expect(run.events.map((event) => event.n)).toEqual(run.events.map((_, n) => n))
  const restarted = run.events.find(
    (event) => event.type === 'starting' && event.task === 'each' && event.attempt === 2,
  )
  expect(restarted).toMatchObject({ cause: { type: 'resume' } })
  const times = run.events.map((event) => event.t)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('a run whose journal lost only its last line is ended by a resume', async () => {
  const yaml = "tasks:\n  a: { kind: shell, run: 'exit 3' }\n  b: { kind: noop, needs: [a] }\n"
  const whole = await host.run(yaml, { id: 'torn' })
  expect(whole.events.at(-1)).toMatchObject({ type: 'ended' })

  const run = await host.run(yaml, { id: 'torn', past: whole.events.slice(0, -1) })
  expect(run.state).toBe('failed')
  expect(run.events.slice(-2).map(({ type }) => type)).toEqual(['resumed', 'ended'])
})

test('a start is durable before its process runs, in one batch with what released it', async () => {
  const batches: (readonly { type: string; task?: string }[])[] = []
  await host.run(
    `
tasks:
  a: { kind: shell, run: 'true' }
  b: { kind: shell, needs: [a], run: 'true' }
`,
    { onEvents: (batch) => batches.push(batch as never) },
  )
  const batch = batches.find((events) => events.some((event) => event.type === 'finished' && event.task === 'a'))
  const types = batch?.map((event) => event.type).filter((type) => type !== 'started')
  expect(types).toEqual(['finished', 'settled', 'starting'])
})

test('a spawner that never comes up interrupts the run after a few tries, saying why', async () => {
  const broken = bench(300, join(host.root, 'no-such-entry.ts'))
  const run = await broken.run('tasks:\n  a: { kind: shell, run: "true" }\n  b: { kind: shell, run: "true" }\n')
  await broken.dispose()
  expect(run.state).toBe('interrupted')
  expect(run.error).toMatchObject({ code: 'ENGINE_FAILED' })
  expect(run.error?.message).toContain('no-such-entry')
  // Nothing ran, so nothing is said to have been lost: a resume starts with the attempts the journal knows.
  // (What would have run them may be noted meanwhile.)
  const types = run.events.map(({ type }) => type).filter((type) => type !== 'interpreter')
  expect(types).toEqual(['run', 'starting', 'starting'])
})

test('a spawner that comes up at the second try runs what the first was asked for', async () => {
  host.write(
    'late.ts',
    `
import { existsSync, writeFileSync } from 'node:fs'
const tried = ${JSON.stringify(join(host.root, 'tried'))}
if (existsSync(tried)) await import(${JSON.stringify(join(import.meta.dirname, '../spawner/main.ts'))})
else {
  writeFileSync(tried, '')
  process.exit(1)
}
`,
  )
  const late = bench(300, join(host.root, 'late.ts'))
  const run = await late.run('tasks:\n  a: { kind: shell, run: echo here }\n')
  await late.dispose()
  expect(run.state).toBe('success')
  expect(run.events.flatMap((event) => (event.type === 'finished' ? [event.outcome] : []))).toEqual(['success'])
})

test('a cancel while no spawner comes up ends the run', async () => {
  const broken = bench(300, join(host.root, 'no-such-entry.ts'))
  const started = broken.start('tasks:\n  a: { kind: shell, run: "true" }\n')
  await started.until((event) => event.type === 'starting')
  await started.cancel(false)
  const run = await started.finished()
  await broken.dispose()
  expect(run.state).toBe('cancelled')
  expect(run.states).toEqual({ a: 'cancelled' })
})

test('a task that kills its spawner every time fails in the end', async () => {
  const run = await host.run('tasks:\n  a: { kind: shell, run: kill -9 $PPID }\n')
  expect(run.state).toBe('failed')
  expect(run.states).toEqual({ a: 'failed' })
  expect(run.events.filter(({ type }) => type === 'finished')).toHaveLength(4)
})

test('a run over its own timeout fails', async () => {
  const run = await host.run('timeout: 400ms\ntasks:\n  a: { kind: shell, run: sleep 300 }\n')
  expect(run.state).toBe('failed')
  expect(run.reason('a')).toContain('timeout')
})

test('after its timeout a handler is told of what had begun and was cut off, beside what failed', async () => {
  const run = await host.run(`
timeout: 1s
onFailure: [alarm]
concurrency: 3
tasks:
  broken: { kind: shell, run: exit 3 }
  cut: { kind: shell, run: sleep 300 }
  many: { kind: shell, forEach: [1, 2], run: sleep 300 }
  late: { kind: shell, needs: [cut], run: 'true' }
  alarm: { kind: shell, run: 'echo "told: $DAGWRIGHT_RUN_STATE $DAGWRIGHT_FAILED_TASKS"' }
`)
  expect(run.states).toMatchObject({ broken: 'failed', cut: 'cancelled', late: 'cancelled', alarm: 'success' })
  expect(run.log('alarm')).toBe('told: failed broken cut many')
})

test('runs of a workspace share its slots and pools', async () => {
  const yaml = `
tasks:
${[0, 1, 2, 3].map((n) => `  t${n}: { kind: shell, pool: db, run: 'echo + >> use.txt; sleep 0.05; echo - >> use.txt' }`).join('\n')}
`
  const config = { slots: 3, pools: new Map([['db', 2]]) }
  const options = { config, pools: { db: 2 } }
  const runs = await Promise.all([host.run(yaml, options), host.run(yaml, options), host.run(yaml, options)])
  expect(runs.map((run) => run.state)).toEqual(['success', 'success', 'success'])
  let inUse = 0
  let most = 0
  for (const sign of readFileSync(join(host.root, 'use.txt'), 'utf8').trim().split('\n')) {
    inUse += sign === '+' ? 1 : -1
    most = Math.max(most, inUse)
  }
  expect(most).toBeLessThanOrEqual(2)
})

function spawnersOf(bench: Bench): number[] {
  return processesOfEngine('spawner/main.ts', bench)
}

/** The engine's own children of that entry, recognised by their arguments. */
function processesOfEngine(entry: string, bench: Bench): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  const mine = children.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(entry)
    } catch {
      return false
    }
  })
  return bench === host ? mine : []
}

/** Processes of tasks: only they have the workspace in their environment. */
function tasksOf(bench: Bench): number[] {
  return processesWith(`DAGWRIGHT_WORKSPACE=${bench.root}`)
}

test.skipIf(process.platform !== 'linux')(
  'a log that the full disk did not take is told of with the reason',
  async () => {
    const logs = join(host.root, '.dagwright/runs/p/full/logs')
    mkdirSync(logs, { recursive: true })
    for (const task of ['bad', 'good']) symlinkSync('/dev/full', join(logs, `${task}.1.log`))
    const tasks = `
tasks:
  bad: { kind: shell, run: echo hello; exit 3 }
  good: { kind: shell, run: echo hello }
`
    const run = await host.run(tasks, { id: 'full' })
    expect(run.states).toEqual({ bad: 'failed', good: 'success' })
    expect(run.reason('bad')).toBe('`bad` ended with exit code 3; its log is incomplete: the disk is full')
    expect(run.reason('good')).toBe('`good` ran; its log is incomplete: the disk is full')
  },
)

test('a cancel that comes after the verdict is no part of the run', async () => {
  const read = Promise.withResolvers<null>()
  const started = host.start(`tasks: { a: { kind: shell, reads: [large.csv], run: 'true' } }`, {
    contentOf: () => read.promise,
  })
  await started.until((event) => event.type === 'settled')
  await started.cancel(false)
  read.resolve(null)
  const run = await started.finished()
  expect(run.state).toBe('success')
  expect(run.events.map(({ type }) => type)).not.toContain('cancel')
})
