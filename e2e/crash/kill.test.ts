import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { instanceLabel, type JournalEvent } from '#shared/journal/event.ts'
import { essenceOf, putPipeline, RETRIED } from './pipeline.ts'
import { CrashWorkspace, eventually, randomFrom, type StartedCommand, UNTESTABLE } from './workspace.ts'

/**
 * Kills real engines, spawners, or both, at random instants, and looks at what is left. DAGWRIGHT_KILLS: how many;
 * DAGWRIGHT_SEED: repeats the choices of an earlier time (not its timing: that is the machine's).
 */
const KILLS = Number(process.env.DAGWRIGHT_KILLS ?? 7)
const SEED = Number(process.env.DAGWRIGHT_SEED ?? Date.now() % 1_000_000)
const HANG_MILLISECONDS = 180_000

type Victim = 'engine' | 'spawner' | 'both'
const VICTIMS: readonly Victim[] = ['engine', 'spawner', 'both']

if (UNTESTABLE !== null) console.log(UNTESTABLE)
else console.log(`crash: ${KILLS} kills, DAGWRIGHT_SEED=${SEED}`)

/** Of one kill: the engine's or the first command's, and after how many milliseconds nothing of the tasks was left. */
interface Tally {
  kills: number
  resumed: number
  lost: number
  kept: number
  slowestDeath: number
}
const tallies = new Map<Victim, Tally>(
  VICTIMS.map((victim) => [victim, { kills: 0, resumed: 0, lost: 0, kept: 0, slowestDeath: 0 }]),
)

let undisturbed: { readonly essence: unknown; readonly milliseconds: number }
let workspace: CrashWorkspace
/** Of the test that runs: one a kill. */
let snapshots: Snapshot[]

beforeAll(async () => {
  if (UNTESTABLE !== null) return
  const calm = new CrashWorkspace()
  putPipeline(calm)
  calm.put('go', '')
  const { child, outcome } = calm.start('run', 'crash.dag.yaml', '--json')
  await eventually(
    () => calm.journalPath !== null || child.exitCode !== null,
    () => 'the journal',
  )
  const begin = performance.now()
  const { code, stdout, stderr } = await outcome
  calm.dispose()
  expect(code, stderr).toBe(0)
  undisturbed = { essence: essenceOf(stdout), milliseconds: performance.now() - begin }
}, HANG_MILLISECONDS)

beforeEach(() => {
  snapshots = []
  workspace = new CrashWorkspace()
  putPipeline(workspace)
})
afterEach(() => workspace.dispose())
afterAll(() => {
  if (UNTESTABLE === null) console.table(Object.fromEntries(tallies))
})

const plans = Array.from({ length: KILLS }, (_, number) => {
  const random = randomFrom(SEED + number)
  // The engine dies again while the first resume is under way, now and then.
  const victims = Array.from({ length: random() < 0.25 ? 2 : 1 }, (_, turn) => ({
    victim: VICTIMS[turn === 0 ? number % 3 : Math.floor(random() * 3)]!,
    moment: random(),
  }))
  return { number, victims }
})

test.skipIf(UNTESTABLE !== null).for(plans)(
  'kill $number: $victims.0.victim at $victims.0.moment of the run',
  { timeout: HANG_MILLISECONDS },
  async ({ victims }) => {
    let command = workspace.start('run', 'crash.dag.yaml', '--json')
    for (const { victim, moment } of victims) {
      const ended = await disturb(command, victim, moment)
      if (!ended) break
      command = workspace.start('resume', 'last', '--json')
      tallies.get(victim)!.resumed += 1
      if (victim === 'both') await orphansGone(ended.orphans, victim)
    }
    workspace.put('go', '')
    const { code, stdout, stderr } = await command.outcome
    expect(code, stderr).toBe(0)
    expect(essenceOf(stdout)).toEqual(undisturbed.essence)
    // Of two that die one after the other, the second may have noticed, and begun again, in between.
    const deaths = victims.reduce((sum, { victim }) => sum + (victim === 'both' ? 2 : 1), 0)
    checkAttempts(workspace.events(), workspace.lines(), deaths)
    for (const seen of snapshots) checkKept(seen, workspace.events(), workspace.lines())
    await eventually(() => workspace.processes().length === 0, survivors)
  },
)

interface Snapshot {
  readonly victim: Victim
  readonly events: readonly JournalEvent[]
  readonly lines: readonly string[]
}

/** Kills at the moment; null where the engine lives on. With an engine killed alone, all else must die by itself. */
async function disturb(
  { child, outcome }: StartedCommand,
  victim: Victim,
  moment: number,
): Promise<{ readonly orphans: readonly number[] } | null> {
  const events = workspace.events().length
  await eventually(
    () => workspace.events().length > events || child.exitCode !== null,
    () => 'the first event',
  )
  await pause(moment * undisturbed.milliseconds)
  const orphans = workspace.tasks().map(({ pid }) => pid)
  const spawner = workspace.processes().find(({ kind }) => kind === 'spawner')?.pid
  const before = { victim, events: workspace.events(), lines: workspace.lines() }
  tallies.get(victim)!.kills += 1
  if (victim !== 'engine' && spawner !== undefined) process.kill(spawner, 'SIGKILL')
  if (victim === 'spawner') {
    snapshots.push(before)
    await orphansGone(orphans, victim)
    return null
  }
  child.kill('SIGKILL')
  await outcome
  const orphansLeft = workspace.tasks().map(({ pid }) => pid)
  // The journal is still now; of two dead nobody ends the tasks before the next start.
  if (victim === 'engine') await orphansGone(null, victim)
  snapshots.push({ victim, events: workspace.events(), lines: workspace.lines() })
  return { orphans: orphansLeft }
}

/** null: nothing of the workspace may be left at all. */
async function orphansGone(orphans: readonly number[] | null, victim: Victim): Promise<void> {
  const left = () => workspace.processes().filter(({ pid }) => orphans === null || orphans.includes(pid))
  const milliseconds = await eventually(() => left().length === 0, survivors)
  const tally = tallies.get(victim)!
  tally.slowestDeath = Math.max(tally.slowestDeath, Math.round(milliseconds))
}

function survivors(): string {
  return `an end of ${JSON.stringify(workspace.processes())}`
}

type Finished = Extract<JournalEvent, { type: 'finished' }>

function finishedBy(events: readonly JournalEvent[]): ReadonlyMap<string, readonly Finished[]> {
  const ends = events.filter((event) => event.type === 'finished')
  return Map.groupBy(ends, (event) => instanceLabel(event.task, event.index))
}

/** No attempt ran twice, no success was repeated, and nothing was lost more often than a process was killed. */
function checkAttempts(events: readonly JournalEvent[], lines: readonly string[], deaths: number): void {
  expect(new Set(lines).size, lines.join('\n')).toBe(lines.length)
  for (const [label, ends] of finishedBy(events)) {
    const outcomes = ends.map(({ outcome }) => outcome)
    const said = `${label}: ${outcomes}`
    expect(outcomes.filter((outcome) => outcome === 'lost').length, said).toBeLessThanOrEqual(deaths)
    if (!RETRIED.has(label))
      expect(
        outcomes.filter((outcome) => outcome !== 'lost'),
        said,
      ).toEqual(['success'])
    expect(outcomes.slice(0, -1), said).not.toContain('success')
    const last = ends.at(-1)!
    if (label !== 'load' && label !== 'query') {
      expect(lines.filter((line) => line === `start ${label} ${last.attempt}`)).toHaveLength(1)
      expect(lines.filter((line) => line === `end ${label} ${last.attempt}`)).toHaveLength(1)
    }
  }
}

/** What had finished by the kill was not executed again; everything else was, once more (or as often as it fails). */
function checkKept(seen: Snapshot, events: readonly JournalEvent[], lines: readonly string[]): void {
  const before = finishedBy(seen.events)
  const tally = tallies.get(seen.victim)!
  for (const [label, ends] of finishedBy(events)) {
    const known = before.get(label) ?? []
    const over = known.at(-1)?.outcome === 'success'
    tally.lost += ends.slice(known.length).filter(({ outcome }) => outcome === 'lost').length
    if (!over) continue
    tally.kept += 1
    expect(ends, label).toHaveLength(known.length)
    const runs = (text: readonly string[]) => text.filter((line) => line.startsWith(`start ${label} `))
    expect(runs(lines), label).toEqual(runs(seen.lines))
  }
}
