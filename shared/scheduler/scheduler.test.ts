import { describe, expect, test } from 'vitest'
import { TestHost } from './host.testing.ts'
import { RuleOracle } from './oracle.testing.ts'
import type { Plan } from './plan.ts'
import { restore, verifyReplay } from './replay.ts'
import { forSeeds as overSeeds, planOf } from './seeds.testing.ts'
import {
  cloneState,
  createState,
  FIRST_FINAL,
  indexOf,
  instanceOf,
  isMapped,
  type SchedulerState,
  stateOf,
} from './state.ts'
import { step } from './step.ts'
import type { Command } from './types.ts'
import { ALL_TRAITS, type Traits, type World, worldOf } from './world.testing.ts'

const SEEDS = 600
/** What is a success without running leaves no trace while it holds its place, so a torn journal does not know of it. */
const WITH_TRACES: Traits = { ...ALL_TRAITS, given: false }

function forSeeds(count: number, check: (seed: number, world: World, plan: Plan) => void, traits = ALL_TRAITS): void {
  overSeeds(count, check, (seed) => worldOf(seed, traits))
}

describe.each([{ unruly: false }, { unruly: true }])('random pipelines, unruly host: $unruly', ({ unruly }) => {
  test('every instance ends once, the run ends last, and nothing runs beyond slots, pools and maxParallel', () => {
    forSeeds(SEEDS, (seed, world, plan) => {
      const limits = { slots: world.slots, large: Number.POSITIVE_INFINITY }
      const running = new Map<number, number>()
      const settled = new Set<string>()
      let ended = 0
      const host = new TestHost(plan, world, seed, {
        unruly,
        onTurn: (state, { event, commands }) => {
          if (event.type === 'finished' || event.type === 'satisfied') running.delete(event.instance)
          const room = event.type === 'begin' ? event.room : event.type === 'capacity' ? event : undefined
          if (room !== undefined) {
            limits.slots = Math.min(world.slots, room.slots)
            limits.large = room.pools.get('large') ?? Number.POSITIVE_INFINITY
          }
          for (const command of commands) {
            expect(ended, 'nothing comes after the end').toBe(0)
            if (command.type === 'settle') {
              const label = `${command.task} ${command.instance}`
              expect(settled.has(label), `${label} settles once`).toBe(false)
              settled.add(label)
            }
            if (command.type === 'end') ended++
            if (command.type !== 'start') continue
            expect(running.has(command.instance)).toBe(false)
            const task = state.task[command.instance] as number
            expect(settled.has(`${task} ${command.instance}`)).toBe(false)
            running.set(command.instance, task)
            expectWithinLimits(plan, running, limits)
          }
        },
      })
      host.run()
      expect(ended).toBe(1)
      for (let node = 0; node < host.state.nodes; node++) {
        expect(host.state.status[node]).toBeGreaterThanOrEqual(FIRST_FINAL)
        const whole = node < plan.count && isMapped(plan, node)
        expect(settled.has(`${host.state.task[node]} ${whole ? -1 : node}`)).toBe(true)
      }
    })
  })

  test('rules say what the table says, as soon as it says so', () => {
    const seen = { run: 0, skipped: 0, upstream_failed: 0 }
    forSeeds(SEEDS, (seed, world, plan) => {
      const host = new TestHost(plan, world, seed, { unruly })
      host.run()
      const oracle = new RuleOracle(plan, world.pipeline.tasks)
      oracle.read(host.state, host.turns)
      for (const [key, verdict] of oracle.actual) {
        expect(verdict, `the verdict on ${key}`).toEqual(oracle.expected.get(key))
        seen[verdict.verdict]++
      }
      for (const [key, { turn }] of oracle.expected) {
        if (oracle.actual.has(key)) continue
        const excused = oracle.excused.get(key) ?? oracle.excused.get(key.slice(0, key.indexOf('['))) ?? -1
        expect(excused, `${key} has a verdict that nothing came of`).toBeGreaterThanOrEqual(0)
        expect(excused).toBeLessThanOrEqual(turn)
      }
    })
    expect(Math.min(seen.run, seen.skipped, seen.upstream_failed)).toBeGreaterThan(100)
  })

  test('a clone goes on as the original does', () => {
    forSeeds(SEEDS / 3, (seed, world, plan) => {
      const states: SchedulerState[] = []
      const host = new TestHost(plan, world, seed, { unruly, onTurn: (state) => states.push(cloneState(state)) })
      host.run()
      const from = seed % host.turns.length
      const clone = states[from] as SchedulerState
      for (const turn of host.turns.slice(from + 1)) {
        const commands: Command[] = []
        step(plan, clone, turn.event, (command) => commands.push(command))
        expect(commands).toEqual(turn.commands)
      }
      expect(clone).toEqual(host.state)
    })
  })

  test('a journal replays to the same commands in the same order', () => {
    forSeeds(SEEDS, (seed, world, plan) => {
      const host = new TestHost(plan, world, seed, { unruly })
      host.run()
      expect(verifyReplay(plan, host.journal)).toBeNull()
    })
  })

  test('restoring a journal cut after any event gives what was known by then', () => {
    forSeeds(SEEDS / 5, (seed, world, plan) => {
      const snapshots: SchedulerState[] = []
      const host = new TestHost(plan, world, seed, { unruly, onTurn: (state) => snapshots.push(cloneState(state)) })
      host.run()
      host.turns.forEach((turn, at) => {
        if (host.turns[at + 1]?.written === turn.written) return
        const known = snapshots[at] as SchedulerState
        const restored = restore(plan, host.journal.slice(0, turn.written))
        for (let node = 0; node < known.nodes; node++) {
          if (leavesNoTrace(world, known, node)) continue
          const label = `turn ${at}, ${plan.ids[known.task[node] as number]} ${indexOf(known, node)}`
          const same = instanceOf(restored.state, known.task[node] as number, indexOf(known, node))
          expect(same, label).toBeDefined()
          expect(stateOf(restored.state, same as number), label).toBe(stateOf(known, node))
          expect(restored.state.attempt[same as number], label).toBe(known.attempt[node])
        }
      })
    })
  })

  test('a run torn off anywhere resumes to its end, and where a batch was whole its journal replays exactly', () => {
    forSeeds(
      SEEDS / 3,
      (seed, world, plan) => {
        const host = new TestHost(plan, world, seed, { unruly })
        host.run()
        const cut = 1 + (seed % host.journal.length)
        const torn = host.journal.slice(0, cut)
        if (torn.at(-1)?.type === 'ended') return
        const resumed = new TestHost(plan, world, seed, { unruly: false })
        resumed.resume(torn)
        expect(resumed.state.ended).toBe(true)
        const whole = host.turns.some(({ written }) => written === cut)
        if (whole) expect(verifyReplay(plan, resumed.journal)).toBeNull()
      },
      WITH_TRACES,
    )
  })

  test('what runs by a journal that was resumed and torn off again has its start in it', () => {
    forSeeds(
      SEEDS / 3,
      (seed, world, plan) => {
        const host = new TestHost(plan, world, seed, { unruly })
        host.run()
        const torn = host.journal.slice(0, 1 + (seed % host.journal.length))
        if (torn.at(-1)?.type === 'ended') return
        const resumed = new TestHost(plan, world, seed, { unruly: false })
        resumed.resume(torn)
        for (let cut = torn.length; cut <= resumed.journal.length; cut++) {
          const again = resumed.journal.slice(0, cut)
          const { state, running } = restore(plan, again)
          for (const { instance, attempt } of running) {
            const ref = { task: plan.ids[state.task[instance]!], index: indexOf(state, instance) }
            expect(again).toContainEqual(expect.objectContaining({ type: 'starting', attempt, ...ref }))
          }
        }
      },
      WITH_TRACES,
    )
  })
})

/** A success without running leaves none before it settles, nor does the mapped task whose last instance it is. */
function leavesNoTrace(world: World, state: SchedulerState, node: number): boolean {
  const task = state.task[node] as number
  const instances = Array.from({ length: Math.max(0, state.size[task] as number) }, (_, index) => index)
  const whole = (state.index[node] as number) < 0 && instances.some((index) => world.given?.(task, index))
  return whole || world.given?.(task, state.index[node] as number) === true
}

function expectWithinLimits(
  plan: Plan,
  running: ReadonlyMap<number, number>,
  limits: { readonly slots: number; readonly large: number },
): void {
  expect(running.size).toBeLessThanOrEqual(limits.slots)
  const pools = new Map<string, number>()
  const tasks = new Map<number, number>()
  for (const task of running.values()) {
    tasks.set(task, (tasks.get(task) ?? 0) + 1)
    const name = plan.poolNames[plan.pool[task] as number]
    if (name !== undefined) pools.set(name, (pools.get(name) ?? 0) + (plan.poolUse[task] as number))
  }
  plan.poolNames.forEach((name, pool) => {
    expect(pools.get(name) ?? 0).toBeLessThanOrEqual(plan.poolSize[pool] as number)
  })
  for (const [task, count] of tasks) {
    const most = plan.maxParallel[task] as number
    if (most > 0) expect(count).toBeLessThanOrEqual(most)
  }
}

test('the state before a run is pending or, unselected, none', () => {
  const world = worldOf(7, ALL_TRAITS)
  const state = createState(planOf(world))
  for (let task = 0; task < world.pipeline.tasks.length; task++) expect(stateOf(state, task)).toBe('pending')
})
