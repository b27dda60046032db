import { expect, test } from 'vitest'
import { TestHost, type Turn } from './host.testing.ts'
import type { Plan } from './plan.ts'
import { forSeeds } from './seeds.testing.ts'
import { isMapped, type SchedulerState } from './state.ts'
import { ALL_TRAITS, type World, worldOf } from './world.testing.ts'

/** A run as its turns tell it, kept with plain sets: knows nothing of heaps, ranks by pool or counters. */
class Ledger {
  readonly queued = new Set<number>()
  readonly running = new Set<number>()
  /** By task number, `null` for the task as a whole or an unmapped one. */
  readonly settled = new Map<number, Map<number | null, string>>()
  readonly failures = new Map<number, number>()
  questions = 0
  cancelled = false
  overrun = false
  ended: string | null = null
  slots: number
  pools: Map<string, number>
  private readonly world: World

  constructor(world: World) {
    this.world = world
    this.slots = world.slots
    this.pools = new Map(world.pipeline.pools)
  }

  read(state: SchedulerState, { event, commands }: Turn): void {
    if (this.ended === null && event.type === 'cancel') {
      // A person's word stands above the timeout's.
      if (!this.cancelled || event.timeout === undefined) this.overrun = event.timeout !== undefined
      this.cancelled = true
    }
    if (event.type === 'answered' || event.type === 'expanded') this.questions--
    const room = event.type === 'capacity' ? event : event.type === 'begin' ? event.room : undefined
    if (room !== undefined) {
      this.slots = Math.min(this.world.slots, room.slots)
      for (const [name, size] of this.world.pipeline.pools) {
        this.pools.set(name, Math.min(size, room.pools.get(name) ?? size))
      }
    }
    if (event.type === 'satisfied' || event.type === 'finished') this.running.delete(event.instance)
    if (event.type === 'satisfied') this.queued.delete(event.instance)
    if (event.type === 'finished' && (event.outcome === 'failed' || event.outcome === 'timed_out')) {
      this.failures.set(event.instance, (this.failures.get(event.instance) ?? 0) + 1)
    }
    for (const command of commands) {
      if (command.type === 'ask' || command.type === 'expand') this.questions++
      else if (command.type === 'queue') this.queued.add(command.instance)
      else if (command.type === 'start') {
        this.queued.delete(command.instance)
        this.running.add(command.instance)
      } else if (command.type === 'settle') {
        this.queued.delete(command.instance)
        const index =
          command.instance < 0 || state.index[command.instance] === -1 ? null : state.index[command.instance]
        const own = this.settled.get(command.task) ?? new Map<number | null, string>()
        this.settled.set(command.task, own.set(index ?? null, command.state))
      } else if (command.type === 'end') this.ended = command.state
    }
  }

  /** DESIGN 4.5: what waits although all it needs is free; nothing may. Within a pool only the first in line is looked at. */
  idle(plan: Plan, state: SchedulerState): number[] {
    if (this.questions > 0 || this.cancelled || this.running.size >= this.slots) return []
    const taskOf = (instance: number) => state.task[instance] as number
    const runningOf = (task: number) => [...this.running].filter((instance) => taskOf(instance) === task).length
    const used = (pool: number) =>
      [...this.running].reduce(
        (sum, one) => sum + (plan.pool[taskOf(one)] === pool ? (plan.poolUse[taskOf(one)] as number) : 0),
        0,
      )
    const free = [...this.queued].filter((instance) => {
      const most = plan.maxParallel[taskOf(instance)] as number
      return most === 0 || runningOf(taskOf(instance)) < most
    })
    const rank = (instance: number) => plan.rank[taskOf(instance)] as number
    return free.filter((instance) => {
      const pool = plan.pool[taskOf(instance)] as number
      if (pool < 0) return true
      const first = Math.min(...free.filter((one) => plan.pool[taskOf(one)] === pool).map(rank))
      const left = (this.pools.get(plan.poolNames[pool] as string) as number) - used(pool)
      return rank(instance) === first && (plan.poolUse[taskOf(instance)] as number) <= left
    })
  }
}

/** DESIGN 4.1, from final states alone. */
function endOf(plan: Plan, world: World, { settled, cancelled, overrun }: Ledger): string {
  if (cancelled) return overrun ? 'failed' : 'cancelled'
  const bad = world.pipeline.tasks.filter((_, task) => {
    if (plan.downStart[task] !== plan.downStart[task + 1]) return false
    const own = settled.get(task) as Map<number | null, string>
    const instances = own.size > 1 ? [...own].filter(([index]) => index !== null) : [...own]
    return instances.some(([, state]) => ['failed', 'upstream_failed', 'cancelled'].includes(state))
  })
  return bad.some((task) => task.required) ? 'failed' : bad.length > 0 ? 'partial' : 'success'
}

const WORST_FIRST = ['failed', 'upstream_failed', 'cancelled', 'success', 'skipped']

test.each([{ unruly: false }, { unruly: true }])(
  'what section 4 says holds of random runs, unruly: $unruly',
  ({ unruly }) => {
    const ends = new Map<string, number>()
    forSeeds(
      600,
      (seed, world, plan) => {
        const ledger = new Ledger(world)
        let host: TestHost | null = null
        const onTurn = (state: SchedulerState, turn: Turn) => {
          ledger.read(state, turn)
          expect(ledger.idle(plan, state), 'nothing waits beside what it needs (4.5)').toEqual([])
          const ranks = turn.commands.flatMap((command) =>
            command.type === 'start' ? [plan.rank[state.task[command.instance] as number] as number] : [],
          )
          expect(ranks, 'what starts at one instant starts in its order (4.5)').toEqual(
            [...ranks].sort((a, b) => a - b),
          )
        }
        host = new TestHost(plan, world, seed, { unruly, onTurn })
        host.run()
        expect(ledger.ended, 'the run ends as its leaves say (4.1)').toBe(endOf(plan, world, ledger))
        ends.set(String(ledger.ended), (ends.get(String(ledger.ended)) ?? 0) + 1)
        for (const [task, own] of ledger.settled) {
          if (!isMapped(plan, task) || own.size === 1) continue
          const states = [...own].flatMap(([index, state]) => (index === null ? [] : [state]))
          const worst = WORST_FIRST.find((state) => states.includes(state))
          expect(own.get(null), 'a mapped task is as its worst instance (4.4)').toBe(worst)
        }
        for (const [instance, failures] of ledger.failures) {
          const { limit } = plan.retries[host.state.task[instance] as number] as { limit: number }
          expect(failures, 'no more failures than tries (4.1: a lost one does not count)').toBeLessThanOrEqual(
            limit + 1,
          )
        }
      },
      (seed) => worldOf(seed, ALL_TRAITS),
    )
    for (const state of ['success', 'partial', 'failed', ...(unruly ? ['cancelled'] : [])]) {
      expect(ends.get(state) ?? 0, `runs that end ${state}`).toBeGreaterThan(10)
    }
  },
)
