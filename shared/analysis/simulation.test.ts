import { describe, expect, test } from 'vitest'
import { answerOf, TestHost } from '../scheduler/host.testing.ts'
import { pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import { compilePlan, type Plan } from '../scheduler/plan.ts'
import { forSeeds as everySeed } from '../scheduler/seeds.testing.ts'
import { indexOf, instanceOf, stateOf, taskOf } from '../scheduler/state.ts'
import { ALL_TRAITS, hashed, PLAIN, randomOf, type Traits, type World, worldOf } from '../scheduler/world.testing.ts'
import { simulate } from './simulation.ts'
import { SimulationCore } from './simulation-core.ts'
import { modelFromDurations, modelFromRun, type SimulationModel } from './simulation-model.ts'
import { timeoutsOf, timeoutsOfRun } from './timeouts.ts'
import { bottlenecks, sentence, whatIf } from './what-if.ts'

function planOf(world: World, slots = world.slots): Plan {
  const { pipeline, basis } = world
  const plan = compilePlan(pipeline, { slots, pools: pipeline.pools, basis })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

function modelOf(world: World, plan: Plan, seed: number): SimulationModel {
  return {
    duration: world.duration,
    outcome: world.outcome,
    retryable: () => true,
    retryDelay: world.retryDelay ?? (() => -1),
    random: (task, index, attempt) => hashed(seed, task, index, attempt, 5),
    answer: (question, task, index, upstream) => {
      const { value, chosen, error } = answerOf(plan, seed, question, task, index, upstream)
      return { value, chosen: chosen ?? [], failed: error !== undefined }
    },
    count: world.count,
  }
}

/** No two attempts end at the same instant, whose order would be anyone's guess. */
function withoutTies(world: World, seed: number): World {
  const spread = (task: number, index: number, attempt: number) =>
    Math.floor(hashed(seed, task, index, attempt, 6) * 1e6)
  return {
    ...world,
    duration: (...place) => world.duration(...place) * 1e6 + spread(...place),
  }
}

/** Some tasks may take no longer than 3 to 20 s an attempt, and most runs no longer than 10 to 60 s. */
function limited(world: World, seed: number): World {
  const tasks = world.pipeline.tasks.map((task, number) =>
    hashed(seed, number, 21) < 0.5 ? { ...task, timeout: 3e6 + Math.floor(hashed(seed, number, 22) * 17e6) } : task,
  )
  const timeout = hashed(seed, 23) < 0.7 ? 10e6 + Math.floor(hashed(seed, 24) * 50e6) : null
  return { ...world, pipeline: { ...world.pipeline, tasks, timeout } }
}

function forSeeds(count: number, traits: Traits, check: (seed: number, world: World) => void): void {
  everySeed(count, check, (seed) => worldOf(seed, traits))
}

describe('simulate', () => {
  test('ends every instance as the run of a host with a real list of events does', () => {
    forSeeds(800, { ...ALL_TRAITS, given: false }, (seed, world) => {
      const plan = planOf(world)
      const host = new TestHost(plan, withoutTies(world, seed), seed, { unruly: false })
      host.run()
      const { instances, makespan } = simulate(plan, modelOf(withoutTies(world, seed), plan, seed))
      const simulated = new Map(
        instances.map(({ task, index, state, attempts }) => [`${task} ${index}`, [state, attempts]]),
      )
      const { state } = host
      for (let node = 0; node < state.nodes; node++) {
        const label = `${taskOf(state, node)} ${indexOf(state, node)}`
        expect(simulated.get(label), label).toEqual([stateOf(state, node), state.attempt[node]])
      }
      expect(makespan).toBe(host.journal.at(-1)?.t)
    })
  })

  test('attempts and runs that take too long end as the host ends them', () => {
    let [late, cut] = [0, 0]
    forSeeds(800, { ...ALL_TRAITS, given: false }, (seed, random) => {
      const world = limited(withoutTies(random, seed), seed)
      const plan = planOf(world)
      const { timeout } = world.pipeline
      const host = new TestHost(plan, world, seed, { unruly: false, ...(timeout === null ? {} : { timeout }) })
      host.run()
      const core = new SimulationCore(plan, timeoutsOf(world.pipeline))
      expect(core.run(modelOf(world, plan, seed))).toBe(host.journal.at(-1)?.t)
      const { state } = host
      for (let node = 0; node < state.nodes; node++) {
        const of = `${taskOf(state, node)} ${indexOf(state, node)}`
        expect([of, stateOf(core.state, node), core.state.attempt[node]]).toEqual([
          of,
          stateOf(state, node),
          state.attempt[node],
        ])
      }
      const timedOut = new Set(
        host.journal.flatMap((event) =>
          event.type === 'finished' && event.reason?.code === 'timeout' ? [plan.numberOf.get(event.task)] : [],
        ),
      )
      expect(plan.ids.map((_, task) => core.timedOut[task] === 1)).toEqual(
        plan.ids.map((_, task) => timedOut.has(task)),
      )
      if (timedOut.size > 0) late++
      if (core.state.overrun >= 0) cut++
    })
    expect(Math.min(late, cut)).toBeGreaterThan(50)
  })

  test('a run with timeouts, simulated from its own journal, is cut off where it was', () => {
    forSeeds(400, { ...ALL_TRAITS, given: false, conditions: false }, (seed, random) => {
      const world = limited(withoutTies(random, seed), seed)
      const plan = planOf(world)
      const { timeout } = world.pipeline
      const host = new TestHost(plan, world, seed, { unruly: false, ...(timeout === null ? {} : { timeout }) })
      host.run()
      const { makespan, instances } = simulate(
        plan,
        modelFromRun(plan, host.journal),
        timeoutsOfRun(world.pipeline, host.journal),
      )
      expect(makespan).toBe(host.journal.at(-1)?.t)
      for (const { task, index, state } of instances) {
        const node = instanceOf(host.state, task, index) ?? -1
        expect([task, index, state]).toEqual([task, index, stateOf(host.state, node)])
      }
    })
  })

  test('a run simulated from its own journal has its starts, times and causes', () => {
    forSeeds(800, { ...ALL_TRAITS, given: false }, (seed, world) => {
      const plan = planOf(world)
      const host = new TestHost(plan, withoutTies(world, seed), seed, { unruly: false })
      host.run()
      const recorded = host.journal.flatMap((event) =>
        event.type === 'starting' ? [{ task: event.task, index: event.index, time: event.t, cause: event.cause }] : [],
      )
      const { starts } = simulate(plan, modelFromRun(plan, host.journal))
      const simulated = starts.map(({ task, index, time, cause }) => ({ task: plan.ids[task], index, time, cause }))
      expect(simulated).toEqual(recorded)
    })
  })

  test('with unlimited slots a makespan is the longest path; with few it is no less than the work per slot', () => {
    forSeeds(1500, PLAIN, (seed, world) => {
      const finish: number[] = []
      let work = 0
      world.pipeline.tasks.forEach((task, number) => {
        const before = task.needs.map((need) => finish[Number(need.task.slice(1))] as number)
        const duration = world.duration(number, -1, 1)
        work += duration
        finish.push(Math.max(0, ...before) + duration)
      })
      const longest = Math.max(...finish)
      expect(simulate(planOf(world, 1000), modelOf(world, planOf(world, 1000), seed)).makespan).toBe(longest)
      const few = simulate(planOf(world), modelOf(world, planOf(world), seed)).makespan
      expect(few).toBeGreaterThanOrEqual(Math.max(longest, work / world.slots))
      expect(few).toBeLessThanOrEqual(work)
    })
  })

  test('one core simulates again and again as a new one would', () => {
    forSeeds(200, ALL_TRAITS, (seed, world) => {
      const plan = planOf(world)
      const core = new SimulationCore(plan)
      for (const other of [seed, seed + 1, seed]) {
        const fresh = new SimulationCore(plan)
        const model = modelOf(world, plan, other)
        expect(core.run(model)).toBe(fresh.run(model))
        const nodes = fresh.state.nodes
        expect(core.state.nodes).toBe(nodes)
        expect(core.state.status.subarray(0, nodes)).toEqual(fresh.state.status.subarray(0, nodes))
        expect(core.state.causeBy.subarray(0, nodes)).toEqual(fresh.state.causeBy.subarray(0, nodes))
      }
    })
  })

  test('no start comes before its cause, its readiness, or the end of what it depends on', () => {
    forSeeds(500, ALL_TRAITS, (seed, world) => {
      const plan = planOf(world)
      const { starts, instances } = simulate(plan, modelOf(world, plan, seed))
      const ends = new Map(instances.map(({ task, index, end }) => [`${plan.ids[task]} ${index}`, end]))
      for (const { time, readyAt, cause } of starts) {
        expect(time).toBeGreaterThanOrEqual(readyAt)
        if (cause.type === 'dependency' && ends.has(`${cause.task} ${cause.index}`)) {
          expect(time).toBe(readyAt)
        }
        if (cause.type === 'begin') expect(time).toBe(readyAt)
      }
    })
  })

  test('the slot is held for the release latency before the attempt begins', () => {
    const plan = compiled([taskFor('a'), taskFor('b', ['a'])], 1)
    const model = modelFromDurations(plan, () => 100)
    expect(simulate(plan, model, { releaseLatency: 7 }).makespan).toBe(214)
  })

  test('10,000 instances and chains of 20,000 tasks need no recursion', () => {
    const mapped = compiled([taskFor('m', [], { forEach: { type: 'list', list: [] } }), taskFor('n', ['m'])], 4)
    const { makespan, starts } = simulate(
      mapped,
      modelFromDurations(
        mapped,
        () => 10,
        () => 10_000,
      ),
    )
    expect([makespan, starts.length]).toEqual([25_010, 10_001])

    const chain = compiled(
      Array.from({ length: 20_000 }, (_, at) => taskFor(`t${at}`, at === 0 ? [] : [`t${at - 1}`])),
      4,
    )
    expect(
      simulate(
        chain,
        modelFromDurations(chain, () => 1),
      ).makespan,
    ).toBe(20_000)
    const failing: SimulationModel = { ...modelFromDurations(chain, () => 1), outcome: () => 'failed' }
    const failed = simulate(chain, failing)
    expect(failed.instances.at(-1)?.state).toBe('upstream_failed')
    expect(failed.state).toBe('failed')
  })
})

function compiled(tasks: ReturnType<typeof taskFor>[], slots: number, basis: (id: string) => number = () => 1): Plan {
  const plan = compilePlan(pipelineOf(tasks), { slots, pools: new Map(), basis })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

describe('whatIf', () => {
  const durations: Readonly<Record<string, number>> = { a: 10, b: 30, c: 5 }
  const plan = compiled([taskFor('a'), taskFor('b', ['a']), taskFor('c', ['a'])], 2, (id) => durations[id] ?? 0)
  const model = modelFromDurations(plan, (id) => durations[id] ?? 0)

  test('compares makespans before and after', () => {
    expect(whatIf(plan, model, { task: 'b', gone: true })).toEqual({ before: 40, after: 15, gain: 25, share: 25 / 40 })
    expect(whatIf(plan, model, { task: 'b', factor: 0.5 })).toMatchObject({ after: 25 })
    expect(whatIf(plan, model, { slots: 1 })).toMatchObject({ after: 45, gain: -5 })
    expect(() => whatIf(plan, model, { task: '__proto__', gone: true })).toThrow(RangeError)
  })

  test('names the tasks whose absence helps most, in that order', () => {
    const found = bottlenecks(plan, model)
    expect(found.map(({ task, gain }) => [task, gain])).toEqual([
      ['b', 25],
      ['a', 10],
      ['c', 0],
    ])
    expect(found.map(sentence)).toEqual([
      '`b` held the run up; without it the run would end 25 µs (63%) sooner',
      '`a` held the run up; without it the run would end 10 µs (25%) sooner',
      '`c` did not hold the run up; without it the run would end at the same time',
    ])
  })

  /** Graham's anomaly, "Bounds on multiprocessing timing anomalies" (1969): 3 slots, fixed order, less work, later end. */
  test('less work can lengthen a run', () => {
    const work: Readonly<Record<string, number>> = { a: 30, b: 20, c: 20, d: 20, e: 40, f: 40, g: 40, h: 40, i: 90 }
    const needs: Readonly<Record<string, string[]>> = { i: ['a'], e: ['d'], f: ['d'], g: ['d'], h: ['d'] }
    const anomaly = compiled(
      [...'abcdefghi'].map((id, at) => taskFor(id, needs[id] ?? [], { priority: 9 - at })),
      3,
    )
    const recorded = modelFromDurations(anomaly, (id) => work[id] as number)
    const faster = modelFromDurations(anomaly, (id) => (id === 'd' ? 9 : (work[id] as number) - 10))
    expect(simulate(anomaly, recorded).makespan).toBe(120)
    expect(simulate(anomaly, faster).makespan).toBe(129)
  })

  test('negative gains are among the answers', () => {
    let negative = 0
    for (let seed = 1; seed <= 300; seed++) {
      const world = worldOf(seed, { ...PLAIN, pools: true })
      const plan = planOf(world, 2)
      const model = modelOf(world, plan, seed)
      for (const { task, before, after, gain } of bottlenecks(plan, model, 99)) {
        expect(whatIf(plan, model, { task, gone: true })).toMatchObject({ before, after, gain })
        if (gain < 0) negative++
      }
    }
    expect(negative).toBeGreaterThan(0)
  })
})

test('randomOf draws evenly', () => {
  const random = randomOf(3)
  const sum = Array.from({ length: 10_000 }, random).reduce((total, value) => total + value, 0)
  expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.02)
})
