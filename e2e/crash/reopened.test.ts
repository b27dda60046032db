import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { endOf, instanceLabel } from '#shared/journal/event.ts'
import { essenceOf, putPipeline } from './pipeline.ts'
import { CrashWorkspace, eventually, randomFrom, UNTESTABLE } from './workspace.ts'

/** Kills engines while a run that had ended goes on, because a person cleared something of it. As in kill.test.ts. */
const KILLS = Number(process.env.DAGWRIGHT_KILLS ?? 3)
const SEED = Number(process.env.DAGWRIGHT_SEED ?? Date.now() % 1_000_000)
const HANG_MILLISECONDS = 180_000

/** All below a task, one instance and what follows it, one task alone. */
const CLEARINGS: readonly (readonly string[])[] = [['list'], ['each[2]'], ['flaky', '--only']]

if (UNTESTABLE === null) console.log(`crash: ${KILLS} kills of opened runs, DAGWRIGHT_SEED=${SEED}`)

let whole: unknown
/** How long the longest clearing takes when nobody disturbs it. */
let longest = 0
let workspace: CrashWorkspace

beforeAll(async () => {
  if (UNTESTABLE !== null) return
  const calm = new CrashWorkspace()
  whole = await endedRun(calm)
  const begin = performance.now()
  const { code, stdout, stderr } = await calm.run('clear', 'last', 'list', '--json')
  longest = performance.now() - begin
  calm.dispose()
  expect(code, stderr).toBe(0)
  expect(essenceOf(stdout)).toEqual(whole)
}, HANG_MILLISECONDS)

beforeEach(() => {
  workspace = new CrashWorkspace()
})
afterEach(() => workspace.dispose())

const plans = Array.from({ length: KILLS }, (_, number) => ({
  number,
  moment: randomFrom(SEED + number)(),
  cleared: CLEARINGS[number % CLEARINGS.length]!,
}))

test.skipIf(UNTESTABLE !== null).for(plans)(
  'kill $number: the engine at $moment of what clearing $cleared.0 makes run',
  { timeout: HANG_MILLISECONDS },
  async ({ moment, cleared }) => {
    await endedRun(workspace)
    const before = workspace.events().length
    const { child, outcome } = workspace.start('clear', 'last', ...cleared, '--json')
    await eventually(
      () => workspace.events().length > before || child.exitCode !== null,
      () => 'the run opened again',
    )
    await pause(moment * longest)
    child.kill('SIGKILL')
    await outcome
    await eventually(
      () => workspace.processes().length === 0,
      () => `an end of ${JSON.stringify(workspace.processes())}`,
    )
    if (endOf(workspace.events()) === null) {
      const { code, stdout, stderr } = await workspace.run('resume', 'last', '--json')
      expect(code, stderr).toBe(0)
      expect(essenceOf(stdout)).toEqual(whole)
    }
    checkAttempts()
  },
)

/** A run to its success; returns what came of it. */
async function endedRun(where: CrashWorkspace): Promise<unknown> {
  putPipeline(where)
  where.put('go', '')
  const { code, stdout, stderr } = await where.run('run', 'crash.dag.yaml', '--json')
  expect(code, stderr).toBe(0)
  return essenceOf(stdout)
}

/** Attempts are counted on over the clearing and the kill: none ran twice, and each ended. */
function checkAttempts(): void {
  const lines = workspace.lines()
  expect(new Set(lines).size, lines.join('\n')).toBe(lines.length)
  const events = workspace.events()
  const starts = events.filter((event) => event.type === 'starting')
  const ends = events.filter((event) => event.type === 'finished')
  for (const [label, own] of Map.groupBy(starts, (event) => instanceLabel(event.task, event.index))) {
    expect(
      own.map(({ attempt }) => attempt),
      label,
    ).toEqual(own.map((_, index) => index + 1))
    const ended = ends.filter((event) => instanceLabel(event.task, event.index) === label)
    expect(ended.length, label).toBe(own.length)
  }
}
