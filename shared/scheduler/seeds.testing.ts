import { compilePlan, type Plan } from './plan.ts'
import type { World } from './world.testing.ts'

/** A long run of the property tests: `DAGWRIGHT_SEEDS=10000 npx vitest run shared/scheduler shared/analysis/simulation`. */
const ASKED = Number(process.env.DAGWRIGHT_SEEDS ?? 0)

export function planOf(world: World): Plan {
  const { pipeline, slots, basis } = world
  const plan = compilePlan(pipeline, { slots, pools: pipeline.pools, basis })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

/** Every seed is a pipeline with its own failures, answers and moments; a failing one is named. */
export function forSeeds(
  usual: number,
  check: (seed: number, world: World, plan: Plan) => void,
  worldOf: (seed: number) => World,
): void {
  const count = Math.max(usual, ASKED)
  for (let seed = 1; seed <= count; seed++) {
    const world = worldOf(seed)
    try {
      check(seed, world, planOf(world))
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
}
