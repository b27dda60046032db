import { describe, expect, test } from 'vitest'
import { randomOf } from '../scheduler/world.testing.ts'
import { type PlannedProfile, planRush, type RushAnswer } from './planner.ts'
import { type Rush, type RushPipeline, rushPlan } from './planner-input.ts'
import { simulate } from './simulation.ts'
import { modelFromDurations } from './simulation-model.ts'

const MINUTE = 60_000_000

function pipelineOf(id: string, minutes: number, fields: Partial<RushPipeline> = {}): RushPipeline {
  return {
    id,
    release: 0,
    deadline: 60 * MINUTE,
    needs: [],
    tasks: [{ id: 'run', duration: minutes * MINUTE, needs: [] }],
    ...fields,
  }
}

function rushOf(pipelines: readonly RushPipeline[], fields: Partial<Rush> = {}): Rush {
  return {
    name: 'rush',
    window: 60 * MINUTE,
    start: null,
    pipelines,
    workers: null,
    most: 8,
    interval: 15 * MINUTE,
    band: { low: 0, high: 1 },
    price: null,
    ...fields,
  }
}

function answerOf(rush: Rush): RushAnswer {
  const answer = planRush(rush)
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems))
  return answer.value
}

const workersOf = (profile: PlannedProfile | null) => profile?.steps.map((step) => step.hand) ?? []

function randomRush(seed: number, most: number, intervals: number): Rush {
  const random = randomOf(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const pipelines = Array.from({ length: 2 + below(6) }, (_, at): RushPipeline => {
    const tasks = Array.from({ length: 1 + below(3) }, (_, task) => ({
      id: `t${task}`,
      duration: (1 + below(12)) * MINUTE,
      needs: task > 0 && random() < 0.5 ? [`t${below(task)}`] : [],
    }))
    const needs = at > 0 && random() < 0.3 ? [`p${below(at)}`] : []
    const release = below(3) * 5 * MINUTE
    return { id: `p${at}`, release, deadline: (intervals * 10 - below(2) * 5) * MINUTE, needs, tasks }
  })
  const band = { low: 0.5, high: random() < 0.5 ? 1 : 0.8 }
  return rushOf(pipelines, { window: intervals * 10 * MINUTE, interval: 10 * MINUTE, most, band })
}

/** Worker-intervals of the cheapest profile in time and within the band, by trying all of them with `simulate` and counting minute by minute. */
function cheapest(rush: Rush, intervals: number): number {
  let least = Infinity
  for (const order of ['longest_path', 'least_slack'] as const) {
    const compiled = rushPlan(rush, order, rush.most)
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
    const { plan, durations, late, pipelineOf: owner } = compiled.value
    const work = durations.reduce((sum, duration) => sum + duration, 0)
    const model = modelFromDurations(plan, (key) => durations[plan.numberOf.get(key)!]!)
    for (let code = 0; code < (rush.most + 1) ** intervals; code++) {
      const profile = Array.from(
        { length: intervals },
        (_, at) => Math.floor(code / (rush.most + 1) ** at) % (rush.most + 1),
      )
      if (profile.reduce((sum, workers) => sum + workers, 0) >= least) continue
      const capacity = profile.map((slots, at) => ({ at: at * rush.interval, slots, pools: new Map() }))
      const { instances } = simulate(plan, model, { late, capacity })
      const inTime = instances.every(
        ({ task, end, state }) => state === 'success' && end <= rush.pipelines[owner[task]!]!.deadline,
      )
      if (!inTime) continue
      const busy = (minute: number) =>
        instances.filter(({ start, end }) => start! <= minute * MINUTE && end > minute * MINUTE).length
      const done = Math.max(...instances.map(({ end }) => end))
      let paid = 0
      for (let at = 0; at * rush.interval < done; at++) {
        const minutes = rush.interval / MINUTE
        const peak = Math.max(...Array.from({ length: minutes }, (_, minute) => busy(at * minutes + minute)))
        paid += Math.max(peak, profile[at] ?? profile.at(-1)!)
      }
      // A reserve fills up to the band, where there is room for it before all is done.
      const floor = Math.ceil(work / rush.band.high / rush.interval - 1e-9)
      if (Math.ceil(done / rush.interval) * rush.most < floor) continue
      least = Math.min(least, Math.max(paid, floor))
    }
  }
  return least
}

describe('planRush', () => {
  test('workers come when there is work and go when there is none', () => {
    const early = ['a', 'b', 'c', 'd'].map((id) => pipelineOf(id, 15, { deadline: 15 * MINUTE }))
    const late = pipelineOf('e', 15, { release: 45 * MINUTE })
    const { planned, fixed, proven, bound, inTime } = answerOf(rushOf([...early, late]))
    expect(workersOf(planned)).toEqual([4, 0, 0, 1])
    expect(planned).toMatchObject({ inTime: true, utilisation: 1, done: 60 * MINUTE, workerTime: 75 * MINUTE })
    expect([bound, inTime]).toEqual([75 * MINUTE, true])
    expect(proven).toBe(true)
    expect(workersOf(fixed)).toEqual([4, 4, 4, 4])
  })

  test('the band leaves room', () => {
    const pipelines = ['a', 'b', 'c', 'd'].map((id) => pipelineOf(id, 15))
    const { planned } = answerOf(rushOf(pipelines, { band: { low: 0.7, high: 0.8 } }))
    expect(planned).toMatchObject({ workerTime: 75 * MINUTE, utilisation: 0.8, band: 'within' })
    const paid = planned?.steps.map((step) => step.hand + step.reserve) ?? []
    expect(paid.reduce((sum, workers) => sum + workers, 0)).toBe(5)
  })

  test('a worker that has to go ends its task first, and is paid until then', () => {
    const workers = [
      { at: 0, workers: 2 },
      { at: 15 * MINUTE, workers: 1 },
    ]
    const { given } = answerOf(rushOf([pipelineOf('a', 20), pipelineOf('b', 20)], { workers }))
    expect(given?.steps.map(({ workers: asked, hand }) => [asked, hand])).toEqual([
      [2, 2],
      [1, 2],
    ])
    expect(given).toMatchObject({ inTime: true, done: 20 * MINUTE })
  })

  test('says which pipelines wait for which, and for how long', () => {
    const pipelines = [
      pipelineOf('first', 30),
      pipelineOf('second', 10, { release: 5 * MINUTE }),
      pipelineOf('third', 5, { release: 10 * MINUTE, needs: ['first'] }),
    ]
    const { given } = answerOf(rushOf(pipelines, { workers: [{ at: 0, workers: 1 }] }))
    expect(
      given?.pipelines.map(({ start, end, waitedForWorkers, waitedForNeeds, waitedFor }) => [
        start! / MINUTE,
        end! / MINUTE,
        waitedForWorkers / MINUTE,
        waitedForNeeds / MINUTE,
        waitedFor,
      ]),
    ).toEqual([
      [0, 30, 0, 0, null],
      [30, 40, 25, 0, { pipeline: 'first', as: 'worker' }],
      [40, 45, 10, 20, { pipeline: 'second', as: 'worker' }],
    ])
  })

  test('where no number of workers is enough, it says which pipelines are too long', () => {
    const { planned, fixed, hopeless, inTime } = answerOf(
      rushOf([pipelineOf('fine', 10), pipelineOf('before', 40), pipelineOf('after', 30, { needs: ['before'] })]),
    )
    expect([planned, fixed, inTime]).toEqual([null, null, false])
    expect(hopeless).toEqual(['before', 'after'])
  })

  test('workers that never come leave what waits for them undone', () => {
    const { given, inTime } = answerOf(rushOf([pipelineOf('a', 10)], { workers: [{ at: 0, workers: 0 }] }))
    expect(inTime).toBe(false)
    expect(given).toMatchObject({ inTime: false, done: null, utilisation: null })
    expect(given?.pipelines[0]).toMatchObject({ start: null, end: null, inTime: false })
    expect(JSON.stringify(given)).not.toContain('Infinity')
  })

  test('needs that do not exist and circles are problems', () => {
    const problemOf = (...pipelines: RushPipeline[]) => {
      const answer = planRush(rushOf(pipelines))
      return answer.ok ? undefined : answer.problems[0]
    }
    const misspelt = problemOf(pipelineOf('load', 1), pipelineOf('b', 1, { needs: ['laod'] }))
    expect(misspelt).toMatchObject({ code: 'UNKNOWN_PIPELINE', hint: 'Did you mean `load`?' })
    const circle = [pipelineOf('a', 1, { needs: ['b'] }), pipelineOf('b', 1, { needs: ['a'] }), pipelineOf('c', 1)]
    expect(problemOf(...circle)).toMatchObject({ code: 'CYCLE', message: expect.stringMatching(/among a, b\.$/) })
    expect(answerOf(rushOf([])).planned).toMatchObject({ workerTime: 0, inTime: true })
  })
})

describe('the cheapest profile', () => {
  test('of small cases, all of which are tried, is the cheapest there is', () => {
    let found = 0
    for (let seed = 1; seed <= 25; seed++) {
      const rush = randomRush(seed, 3, 4)
      const { planned, proven, bound } = answerOf(rush)
      const least = cheapest(rush, 4)
      expect(proven).toBe(true)
      if (planned === null || planned.band === 'above') expect(least, `seed ${seed}`).toBe(Infinity)
      else expect(planned.workerTime / rush.interval, `seed ${seed}`).toBe(least)
      expect(bound / rush.interval).toBeLessThanOrEqual(least)
      if (least < Infinity) found++
    }
    expect(found).toBeGreaterThan(12)
  })

  test('of larger ones, searched, is hardly ever more, and never less than the bound', () => {
    let searched = 0
    let optimal = 0
    for (let seed = 1; seed <= 10; seed++) {
      // Few enough profiles to try them all here, too many for the planner.
      const rush = randomRush(seed, 8, 4)
      const { planned, bound, fixed } = answerOf(rush)
      if (planned === null || planned.band === 'above') continue
      searched++
      const least = cheapest(rush, 4)
      const cost = planned.workerTime / rush.interval
      expect(bound / rush.interval).toBeLessThanOrEqual(least)
      expect(cost).toBeGreaterThanOrEqual(least)
      expect(cost).toBeLessThanOrEqual((fixed?.workerTime ?? Infinity) / rush.interval)
      if (cost === least) optimal++
    }
    expect(searched).toBeGreaterThan(6)
    expect(optimal / searched).toBeGreaterThanOrEqual(0.9)
  })
})
