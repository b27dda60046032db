import { describe, expect, test } from 'vitest'
import type { Task } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import { NO_RETRIES, pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import type { DurationDistribution } from './duration-distribution.ts'
import { rankFixes, rankFixesByMean } from './fixes.ts'
import { type Goal, type MonteCarloInput, mergeTallies, monteCarlo } from './monte-carlo.ts'
import { type MonteCarloResult, monteCarloResult } from './monte-carlo-result.ts'
import { OPEN_OUTCOMES } from './outcomes.ts'
import type { Scenario } from './scenario.ts'
import { simulated } from './simulation-source.ts'
import type { TaskOdds } from './task-odds.ts'

const SECOND = 1_000_000
const DRAWS = 10_000
/** How many standard errors an estimate may be off: one test in about 150,000 fails by chance, and seeds are fixed. */
const SIGMAS = 4.5

interface Case {
  readonly tasks: readonly Task[]
  readonly odds: (id: string) => Partial<TaskOdds>
  readonly slots?: number
  readonly scenario?: Scenario
  readonly goals?: readonly Goal[]
  readonly seed?: number
}

function inputOf({ tasks, odds, slots = 1000, scenario = [], goals = [], seed = 1 }: Case): MonteCarloInput {
  const known = tasks.map(({ id }): [string, TaskOdds] => {
    const duration = odds(id).duration ?? { type: 'fixed', value: SECOND }
    return [id, { duration, source: 'history', failureRates: [0], failedDuration: duration, ...odds(id) }]
  })
  const source = {
    type: 'plan',
    pipeline: pipelineOf(tasks),
    selection: null,
    slots,
    pools: new Map(),
    odds: new Map(known),
    outcomes: OPEN_OUTCOMES,
  } as const
  return { source, scenario, seed, goals }
}

function resultOf(given: Case, draws = DRAWS): MonteCarloResult {
  const input = inputOf(given)
  const drawing = monteCarlo(input)
  if (!drawing.ok) throw new Error(JSON.stringify(drawing.problems))
  return monteCarloResult(input, drawing.value.draw(0, draws))
}

/** A history that is the distribution itself: its quantiles at the middles of `count` equal parts. */
function quantilesOf(quantile: (p: number) => number, count = 4000): DurationDistribution {
  const values = Array.from({ length: count }, (_, at): Micros => Math.round(quantile((at + 0.5) / count) * SECOND))
  return { type: 'history', values }
}

/** Peter Acklam's rational approximation of the normal quantile, good to 1.2e-9, in its central part and tails. */
function normalQuantile(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ]
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ]
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
  const poly = (k: readonly number[], x: number) => k.reduce((sum, value) => sum * x + value, 0)
  if (p > 1 - 0.02425) return -normalQuantile(1 - p)
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return poly(c, q) / poly([...d, 1], q)
  }
  const q = p - 0.5
  return (poly(a, q * q) * q) / poly([...b, 1], q * q)
}

const chain = (length: number) => Array.from({ length }, (_, at) => taskFor(`t${at}`, at === 0 ? [] : [`t${at - 1}`]))
const side = (width: number) => Array.from({ length: width }, (_, at) => taskFor(`t${at}`))

/** The standard error of a sample quantile is √(p(1 − p) ÷ n) ÷ density at it. */
function expectPercentiles(result: MonteCarloResult, exact: (p: number) => number, density: (x: number) => number) {
  for (const { percent, value } of result.makespan.percentiles) {
    const p = percent / 100
    const error = Math.sqrt((p * (1 - p)) / result.draws) / density(exact(p))
    expect(Math.abs(value / SECOND - exact(p)) / error, `p${percent}`).toBeLessThan(SIGMAS)
  }
}

test('a draw is what it is whatever was drawn before it: late instances that were tried again', () => {
  const task = taskFor('a', [], {
    forEach: { type: 'list', list: [1, 2, 3] },
    retries: { ...NO_RETRIES, limit: 2, delay: 1000 },
  })
  const input = inputOf({
    tasks: [task],
    odds: () => ({ failureRates: [0.5, 0] }),
    scenario: [{ task: 'a', late: 10 }],
  })
  const drawn = (from: number, count: number) => {
    const drawing = monteCarlo(input)
    if (!drawing.ok) throw new Error(JSON.stringify(drawing.problems))
    return drawing.value.draw(from, count)
  }
  expect(drawn(0, 40)).toEqual(mergeTallies(Array.from({ length: 40 }, (_, draw) => drawn(draw, 1))))
})

describe('closed forms', () => {
  test('a chain of normals is normal, by any number of slots', () => {
    const [length, mean, deviation] = [9, 100, 10]
    const odds = () => ({ duration: quantilesOf((p) => mean + deviation * normalQuantile(p)) })
    const sigma = deviation * Math.sqrt(length)
    const density = (x: number) =>
      Math.exp(-0.5 * ((x - mean * length) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI))
    const exact = (p: number) => mean * length + sigma * normalQuantile(p)
    expectPercentiles(resultOf({ tasks: chain(length), odds }), exact, density)
    expectPercentiles(resultOf({ tasks: side(length), odds, slots: 1, seed: 2 }), exact, density)
  })

  test('the maximum of exponentials', () => {
    const [width, mean] = [10, 10]
    const odds = () => ({ duration: quantilesOf((p) => -mean * Math.log(1 - p)) })
    const exact = (p: number) => -mean * Math.log(1 - p ** (1 / width))
    const density = (x: number) => (width * (1 - Math.exp(-x / mean)) ** (width - 1) * Math.exp(-x / mean)) / mean
    expectPercentiles(resultOf({ tasks: side(width), odds }), exact, density)
  })

  test('of two exponentials side by side, each is the longer one as often as its mean says', () => {
    const means = [10, 30]
    const odds = (id: string) => ({
      duration: quantilesOf((p) => -means[Number(id.slice(1))]! * Math.log(1 - p)),
    })
    const { tasks, draws } = resultOf({ tasks: side(2), odds })
    for (const [at, { criticality }] of tasks.entries()) {
      const exact = means[at]! / 40
      expect(Math.abs(criticality - exact)).toBeLessThan(SIGMAS * Math.sqrt((exact * (1 - exact)) / draws))
    }
  })

  test('a chain of PERT estimates has the mean and the deviation of their sum', () => {
    const duration = { type: 'pert', min: 2 * SECOND, likely: 5 * SECOND, max: 20 * SECOND } as const
    const { makespan } = resultOf({ tasks: chain(12), odds: () => ({ duration }) })
    const [mean, deviation] = [12 * 7, Math.sqrt((12 * (7 - 2) * (20 - 7)) / 7)]
    expect(Math.abs(makespan.mean / SECOND - mean)).toBeLessThan((SIGMAS * deviation) / Math.sqrt(DRAWS))
    expect(Math.abs(makespan.deviation / SECOND / deviation - 1)).toBeLessThan(SIGMAS / Math.sqrt(2 * DRAWS) + 0.005)
  })

  test('a run fails if all of a task’s attempts do', () => {
    const task = taskFor('a', [], { retries: { ...NO_RETRIES, limit: 1, delay: 5 * SECOND } })
    const { states, tasks } = resultOf({
      tasks: [task, taskFor('b', ['a'])],
      odds: (id) => ({ failureRates: [id === 'a' ? 0.3 : 0] }),
    })
    const exact = 0.09
    const bound = SIGMAS * Math.sqrt((exact * (1 - exact)) / DRAWS)
    expect(Math.abs(states.failed - exact)).toBeLessThan(bound)
    expect(states.success).toBeCloseTo(1 - states.failed, 12)
    expect(tasks[1]?.success).toBe(states.success)
  })
})

describe('goals', () => {
  const odds = () => ({ duration: quantilesOf((p) => 10 + 10 * p) })
  const near = (chance: number | undefined, exact: number) =>
    expect(Math.abs((chance ?? 0) - exact)).toBeLessThan(SIGMAS * Math.sqrt((exact * (1 - exact)) / DRAWS))

  test('of the run, of a task’s duration, and of when a task ends', () => {
    const goals: Goal[] = [
      { task: null, of: 'end', within: 30 * SECOND },
      { task: 't1', of: 'duration', within: 14 * SECOND },
      { task: 't0', of: 'end', within: 17 * SECOND },
      { task: 't1', of: 'end', within: 30 * SECOND },
    ]
    const { goals: found } = resultOf({ tasks: chain(2), odds, goals })
    const exact = [0.5, 0.4, 0.7, 0.5]
    for (const [at, { chance }] of found.entries()) near(chance, exact[at]!)
    expect(found[0]?.chance).toBe(found[3]?.chance)
    expect(found[0]?.margin).toBeCloseTo(1.96 * Math.sqrt(0.25 / DRAWS), 3)
  })

  test('a failed draw keeps none', () => {
    const goals: Goal[] = [{ task: null, of: 'end', within: 1000 * SECOND }]
    const found = resultOf({ tasks: chain(1), odds: () => ({ ...odds(), failureRates: [0.25] }), goals }).goals
    near(found[0]?.chance, 0.75)
  })
})

describe('draws', () => {
  const odds = () => ({ duration: quantilesOf((p) => 10 * p), failureRates: [0.05] })
  const given: Case = { tasks: [...chain(6), ...['x', 'y'].map((id) => taskFor(id, ['t2']))], odds, slots: 2 }

  test('shared out among workers in any way, they give the same result', () => {
    const input = inputOf(given)
    const whole = monteCarlo(input)
    if (!whole.ok) throw new Error('It cannot be drawn')
    const expected = monteCarloResult(input, whole.value.draw(0, 600))
    const parts = [
      [400, 200],
      [0, 1],
      [1, 399],
    ].map(([from, count]) => {
      const other = monteCarlo(structuredClone(input))
      if (!other.ok) throw new Error('It cannot be drawn')
      return structuredClone(other.value.draw(from!, count!))
    })
    expect(monteCarloResult(input, mergeTallies(parts))).toEqual(expected)
  })

  test('another seed is another luck; the same draws meet the same luck under a scenario', () => {
    expect(resultOf({ ...given, seed: 2 }, 500)).not.toEqual({ ...resultOf(given, 500), seed: 2 })
    const slower = { task: 'y', factor: 1.5 }
    const [plain, changed] = [given, { ...given, scenario: [slower] }].map((one) => {
      const drawing = monteCarlo(inputOf(one))
      if (!drawing.ok) throw new Error('It cannot be drawn')
      return drawing.value.draw(0, 500).makespans
    })
    // On two slots a slower leaf rarely helps: with luck of its own it would in half of the draws.
    const shorter = changed!.filter((makespan, draw) => makespan < plain![draw]!).length
    expect(shorter).toBeLessThan(50)
  })

  test('what never varies has one makespan, and every chance is 0 or 1', () => {
    const goals: Goal[] = [6, 7].map((limit) => ({ task: null, of: 'end', within: (limit - 1) * SECOND }))
    const fixed = resultOf({ tasks: chain(6), odds: () => ({}), goals }, 100)
    expect(fixed.makespan).toMatchObject({ mean: 6 * SECOND, deviation: 0, least: 6 * SECOND, most: 6 * SECOND })
    expect(fixed.histogram).toEqual({ from: 6 * SECOND, width: 1, counts: [100] })
    expect(fixed.goals.map(({ chance }) => chance)).toEqual([0, 1])
    expect(fixed.tasks.every(({ criticality }) => criticality === 1)).toBe(true)
  })

  test('the histogram counts every draw once', () => {
    const { histogram, makespan, states } = resultOf(given, 2000)
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(Math.round(2000 * (1 - states.failed)))
    expect(histogram.from).toBe(makespan.least)
    expect(histogram.from + histogram.width * histogram.counts.length).toBeGreaterThan(makespan.most)
  })

  test('where every draw fails there is still a makespan, and no pipeline at all takes no time', () => {
    const failed = resultOf({ tasks: chain(2), odds: () => ({ failureRates: [1] }) }, 50)
    expect(failed.states.failed).toBe(1)
    expect(failed.makespan.mean).toBe(SECOND)
    expect(resultOf({ tasks: [], odds: () => ({}) }, 10).makespan.mean).toBe(0)
    const none = resultOf({ tasks: [], odds: () => ({}), goals: [{ task: null, of: 'end', within: 1 }] }, 0)
    expect(none.goals[0]).toMatchObject({ chance: 0, margin: 1 })
    expect([none.makespan.mean, none.makespan.deviation, none.states.failed]).toEqual([0, 0, 0])
  })

  test('what cannot be planned is a problem', () => {
    const cycle = monteCarlo(inputOf({ tasks: [taskFor('a', ['b']), taskFor('b', ['a'])], odds }))
    expect(cycle.ok ? [] : cycle.problems.map(({ code }) => code)).toEqual(['CYCLE'])
    const unknown = monteCarlo(inputOf({ ...given, scenario: [{ task: 'none', gone: true }] }))
    expect(unknown.ok ? [] : unknown.problems.map(({ code }) => code)).toEqual(['UNKNOWN_TASK'])
  })
})

describe('rankFixesByMean', () => {
  /** On a typical day `wild` takes 10 s and `steady` 11; on the whole the one that varies is what holds runs up. */
  test('ranks by what helps on the whole, not only on a typical day', () => {
    const tasks = [taskFor('steady'), taskFor('wild')]
    const odds = (id: string) => ({
      duration:
        id === 'wild' ? quantilesOf((p) => (p < 0.6 ? 10 : 40)) : ({ type: 'fixed', value: 11 * SECOND } as const),
    })
    const { source } = inputOf({ tasks, odds })
    const found = rankFixesByMean(source, [], 1, 2000, 2)
    if (!found.ok) throw new Error(JSON.stringify(found.problems))
    expect(found.value[0]).toMatchObject({ change: { task: 'wild', gone: true } })
    // 0.6 × 11 + 0.4 × 40 with it, 11 without.
    expect(Math.abs(found.value[0]!.gain / SECOND - 11.6)).toBeLessThan(SIGMAS * 29 * Math.sqrt(0.24 / 2000))
    const typical = simulated(source)
    if (!typical.ok) throw new Error('It cannot be planned')
    expect(rankFixes({ ...typical.value, options: {} }, 1)[0]?.change).toMatchObject({ task: 'steady' })
  })
})
