import { describe, expect, test } from 'vitest'
import { pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import { compilePlan, type Plan } from '../scheduler/plan.ts'
import { hashed, type World, worldOf } from '../scheduler/world.testing.ts'
import { moneyText, runCost } from './cost.ts'
import { modelFromDurations } from './simulation-model.ts'
import { peaks, type SlotUse, slotTime } from './slot-use.ts'
import { slotsCurve } from './slots-curve.ts'

const HOUR = 3_600_000_000

function planOf({ pipeline, basis, slots }: World): Plan {
  const plan = compilePlan(pipeline, { slots, pools: pipeline.pools, basis })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

describe('slotsCurve', () => {
  test('never lies below its bound, and reaches the longest path with enough slots where no pool holds it up', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const pools = seed % 2 === 0
      const world = worldOf(
        seed,
        { rules: true, failures: false, mapping: true, conditions: false, pools, given: false },
        14,
      )
      const plan = planOf(world)
      const model = modelFromDurations(
        plan,
        (id) => Math.floor(hashed(seed, Number(id.slice(1))) * 100),
        () => 3,
      )
      const { points, longestPath, enough } = slotsCurve(plan, model, { most: 12, interval: 7 })
      for (const { slots, makespan, bound, utilisation, cost } of points) {
        expect(makespan, `seed ${seed} at ${slots}`).toBeGreaterThanOrEqual(bound)
        expect(utilisation).toBeLessThanOrEqual(1)
        expect(cost.used).toBeLessThanOrEqual(cost.scaled + 1e-15)
        expect(cost.scaled).toBeLessThanOrEqual(cost.fixed)
        if (slots > enough) expect(makespan).toBe(points[enough - 1]?.makespan)
      }
      const limited = pools || world.pipeline.tasks.some((task) => task.maxParallel !== null)
      if (!limited && enough <= points.length) expect(points[enough - 1]?.makespan).toBe(longestPath)
    }
  })

  test('three tasks of an hour and one of two, side by side', () => {
    const tasks = ['a', 'b', 'c', 'd'].map((id) => taskFor(id))
    const plan = compilePlan(pipelineOf(tasks), { slots: 2, pools: new Map(), basis: (id) => (id === 'd' ? 2 : 1) })
    if (!plan.ok) throw new Error('It cannot be planned')
    const curve = slotsCurve(
      plan.value,
      modelFromDurations(plan.value, (id) => (id === 'd' ? 2 : 1) * HOUR),
      { interval: HOUR },
    )
    expect(curve.enough).toBe(4)
    expect(curve.longestPath).toBe(2 * HOUR)
    expect(
      curve.points.map(({ makespan, bound, utilisation }) => [makespan / HOUR, bound / HOUR, utilisation]),
    ).toEqual([
      [5, 5, 1],
      [3, 2.5, 5 / 6],
      [2, 2, 5 / 6],
      [2, 2, 5 / 8],
    ])
    expect(curve.points.map(({ cost }) => [cost.used, cost.fixed, cost.scaled])).toEqual([
      [5, 5, 5],
      [5, 6, 5],
      [5, 6, 5],
      [5, 8, 5],
    ])
  })

  test('a run without work has one point and no NaN', () => {
    const plan = compilePlan(pipelineOf([]), { slots: 2, pools: new Map(), basis: () => 0 })
    if (!plan.ok) throw new Error('It cannot be planned')
    const { points } = slotsCurve(
      plan.value,
      modelFromDurations(plan.value, () => 0),
    )
    expect(points).toEqual([
      { slots: 1, makespan: 0, bound: 0, utilisation: 0, overran: false, cost: { used: 0, fixed: 0, scaled: 0 } },
    ])
  })
})

describe('cost', () => {
  const use: SlotUse = { at: [0, 10, 30, 45], used: [1, 3, 0, 2], end: 60 }

  test('is the area under the curve, and by interval its highest point', () => {
    expect(slotTime(use)).toBe(10 + 60 + 30)
    expect(peaks(use, 20)).toEqual([3, 3, 2])
    expect(peaks(use, 7)).toEqual([1, 3, 3, 3, 3, 0, 2, 2, 2])
    expect(runCost(use, 4, 20)).toEqual({ used: 100 / HOUR, fixed: 240 / HOUR, scaled: 160 / HOUR })
  })

  test('reads as money', () => {
    expect([0, 0.0031234, 0.42, 12.5, 1250.4].map((amount) => moneyText(amount, 'EUR'))).toEqual([
      '0 EUR',
      '0.0031 EUR',
      '0.42 EUR',
      '12.50 EUR',
      '1,250 EUR',
    ])
  })
})
