import { describe, expect, test } from 'vitest'
import { foldRun } from '../journal/fold.ts'
import { headerFor } from '../journal/journal.testing.ts'
import { type HostMark, TestHost } from './host.testing.ts'
import { pipelineOf, taskFor } from './pipeline.testing.ts'
import type { Plan } from './plan.ts'
import { verifyReplay } from './replay.ts'
import { forSeeds, planOf } from './seeds.testing.ts'
import { FIRST_FINAL, type SchedulerState, stateOf } from './state.ts'
import { ALL_TRAITS, hashed, PLAIN, type Traits, type World, worldOf } from './world.testing.ts'

const SEEDS = 600

/** Marks of all kinds at any time of the run and after it, drawn from the seed. */
function marksOf(seed: number, tasks: number): readonly HostMark[] {
  const size = 1 + Math.floor(hashed(seed, 40) * 4)
  return Array.from({ length: size }, (_, number): HostMark => {
    const draw = (what: number) => hashed(seed, number, what)
    const as = (['success', 'failed', 'cleared', 'cleared'] as const)[Math.floor(draw(41) * 4)]!
    return {
      t: Math.floor(draw(42) * (number === 0 ? 40 : 160)),
      task: Math.floor(draw(43) * tasks),
      index: draw(44) < 0.7 ? null : Math.floor(draw(45) * 4),
      as,
      ...(as === 'cleared' && draw(46) < 0.4 ? { downstream: false } : {}),
    }
  })
}

describe.each([{ unruly: false }, { unruly: true }])('runs that are marked anywhere, unruly host: $unruly', (host) => {
  const traits: Traits = { ...ALL_TRAITS, given: false }

  test('come to an end with nothing left open, and replay to the same commands', () => {
    forSeeds(
      SEEDS,
      (seed, world, plan) => {
        const run = new TestHost(plan, world, seed, { ...host, marks: marksOf(seed, plan.count) })
        run.run()
        expect(run.state.ended).toBe(true)
        expect(run.state.open).toBe(0)
        expect(run.state.slotsUsed).toBe(0)
        for (let node = 0; node < run.state.nodes; node++) {
          expect(run.state.status[node], `node ${node}`).toBeGreaterThanOrEqual(FIRST_FINAL)
        }
        expect(verifyReplay(plan, run.journal)).toBeNull()
      },
      (seed) => worldOf(seed, traits),
    )
  })

  test('resume to their end from anywhere', () => {
    forSeeds(
      SEEDS / 3,
      (seed, world, plan) => {
        const run = new TestHost(plan, world, seed, { ...host, marks: marksOf(seed, plan.count) })
        run.run()
        const cut = 1 + (seed % run.journal.length)
        const torn = run.journal.slice(0, cut)
        if (torn.at(-1)?.type === 'ended') return
        const resumed = new TestHost(plan, world, seed, { unruly: false })
        resumed.resume(torn)
        expect(resumed.state.ended).toBe(true)
        // Answers that come late may be asked for twice; what a torn journal keeps of that is one question.
        const whole = !host.unruly && run.turns.some(({ written }) => written === cut)
        if (whole) expect(verifyReplay(plan, resumed.journal)).toBeNull()
      },
      (seed) => worldOf(seed, traits),
    )
  })
})

/** Attempts of an instance all go the same way, so that a second run of it comes to what the first came to. */
function settledWorld(seed: number, traits: Traits): World {
  const world = worldOf(seed, traits)
  const tasks = world.pipeline.tasks.map((task) => ({ ...task, failFast: false }))
  return {
    ...world,
    pipeline: { ...world.pipeline, tasks },
    outcome: (task, index) => (traits.failures && hashed(seed, task, index, 1) < 0.25 ? 'failed' : 'success'),
    count: (task) => 1 + Math.floor(hashed(seed, task, 4) * 4),
  }
}

describe.each([
  // Without skips a verdict does not depend on which upstream was known first.
  { what: 'failures and mapping', traits: { ...PLAIN, failures: true, mapping: true, pools: true } },
  { what: 'conditions and branches', traits: { ...PLAIN, conditions: true, mapping: true } },
])('what is cleared with its downstreams comes to the same end: $what', ({ traits }) => {
  test('whenever it is cleared', () => {
    let again = 0
    forSeeds(
      SEEDS,
      (seed, given, plan) => {
        const answer: World['answer'] = (question, task, index, upstream) => {
          const draw = hashed(seed, task, index, upstream, question.length)
          const direct = [...plan.down.subarray(plan.downStart[task], plan.downStart[task + 1])]
          return question === 'branch'
            ? { value: true, chosen: direct.filter((other) => hashed(seed, task, other, 9) < 0.5) }
            : { value: draw < 0.7 }
        }
        const world = { ...given, answer }
        const once = new TestHost(plan, world, seed, { unruly: false })
        once.run()
        const marks = marksOf(seed, plan.count).map(({ t, task, index }) => ({
          t,
          task,
          index,
          as: 'cleared' as const,
        }))
        const twice = new TestHost(plan, world, seed, { unruly: false, marks })
        twice.run()
        expect(statesOf(plan, twice.state)).toEqual(statesOf(plan, once.state))
        if (twice.journal.filter(({ type }) => type === 'starting').length > once.state.nodes) again++
      },
      (seed) => settledWorld(seed, traits),
    )
    expect(again).toBeGreaterThan(SEEDS / 10)
  })
})

/** Of the tasks: whether a mapped one that could not run had its instances by then is a matter of timing. */
function statesOf(plan: Plan, state: SchedulerState): Record<string, string | null> {
  return Object.fromEntries(plan.ids.map((id, task) => [id, stateOf(state, task)]))
}

test('attempts are counted on where a list shrinks over one clearing and grows again over the next', () => {
  const pipeline = pipelineOf([taskFor('many', [], { forEach: { type: 'list', list: '${{ list }}' } })])
  const sizes = [3, 1, 3]
  const world: World = { ...worldOf(1, PLAIN), pipeline, count: () => sizes.shift()!, outcome: () => 'success' }
  const marks = [1000, 2000].map((t): HostMark => ({ t, task: 0, index: null, as: 'cleared' }))
  const plan = planOf(world)
  const host = new TestHost(plan, world, 1, { unruly: false, marks })
  host.run()
  const starts = host.journal.flatMap((event) => (event.type === 'starting' ? [`${event.index}#${event.attempt}`] : []))
  expect(starts.sort()).toEqual(['0#1', '0#2', '0#3', '1#1', '1#2', '2#1', '2#2'])
  expect(verifyReplay(plan, host.journal)).toBeNull()
  const [many] = foldRun([{ n: 0, t: 0, ...headerFor(['many']) }, ...host.journal])!.tasks.values()
  expect(many!.instances.map(({ attempts }) => attempts.map(({ attempt }) => attempt))).toEqual([
    [1, 2, 3],
    [1, 2],
    [1, 2],
  ])
})

test('attempts are counted on over a clearing, so that no log is written over', () => {
  const world = settledWorld(3, PLAIN)
  const plan = planOf(world)
  const host = new TestHost(plan, world, 3, {
    unruly: false,
    marks: [{ t: 1000, task: 0, index: null, as: 'cleared' }],
  })
  host.run()
  const attempts = host.journal.flatMap((event) =>
    event.type === 'starting' && event.task === plan.ids[0] ? [event.attempt] : [],
  )
  expect(attempts).toEqual([1, 2])
})

test('a follower whose instances could not run runs once its other upstream is marked a success', () => {
  const pipeline = pipelineOf([
    taskFor('grid'),
    taskFor('tile', [], { forEach: { type: 'list', list: '${{ list }}' } }),
    taskFor('stac', ['tile', 'grid'], { forEach: { type: 'each', task: 'tile' } }),
  ])
  const world: World = {
    ...worldOf(1, PLAIN),
    pipeline,
    slots: 9,
    count: () => 2,
    duration: (task) => [5, 10, 1][task]!,
    outcome: (task) => (task === 0 ? 'failed' : 'success'),
  }
  const plan = planOf(world)
  const marks: HostMark[] = [{ t: 100, task: 0, index: null, as: 'success' }]
  const host = new TestHost(plan, world, 1, { unruly: false, marks })
  host.run()
  expect(statesOf(plan, host.state)).toEqual({ grid: 'success', tile: 'success', stac: 'success' })
  expect(verifyReplay(plan, host.journal)).toBeNull()
})

test('a mark that changes nothing takes no handler back', () => {
  const pipeline = { ...pipelineOf([taskFor('a'), taskFor('publish')]), onSuccess: ['publish'] }
  const world: World = { ...worldOf(1, PLAIN), pipeline, outcome: () => 'success' }
  const plan = planOf(world)
  const marks: HostMark[] = [{ t: 100, task: 0, index: null, as: 'success' }]
  const host = new TestHost(plan, world, 1, { unruly: false, marks })
  host.run()
  const starts = host.journal.flatMap((event) => (event.type === 'starting' ? [event.task] : []))
  expect(starts).toEqual(['a', 'publish'])
  expect(host.journal.at(-1)?.type).toBe('ended')
})
