import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import { type RunCost, runCost } from './cost.ts'
import { SimulationCore, type SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'
import { SimulationTrace } from './simulation-trace.ts'
import { peaks, slotTime, slotUseOf } from './slot-use.ts'

export interface SlotsPoint {
  readonly slots: number
  readonly makespan: Micros
  /** No order of starts can do better: the larger of the longest path and the work ÷ slots. */
  readonly bound: Micros
  /** Slot time that did work ÷ slot time there was, 0 to 1. */
  readonly utilisation: number
  readonly cost: RunCost
  /** The pipeline's timeout ended the run. */
  readonly overran: boolean
}

/** Makespan against slots, as plain data. */
export interface SlotsCurve {
  /** Slots 1, 2, … */
  readonly points: readonly SlotsPoint[]
  /** The longest path: the makespan with unlimited slots, pools and `maxParallel`. */
  readonly longestPath: Micros
  /** Slots from which on more of them change nothing any more: the most that are ever used at once. */
  readonly enough: number
}

export const MOST_CURVE_SLOTS = 64
/** How often slots can be added or given back, unless told: a minute. */
export const PROVISIONING_INTERVAL: Micros = 60_000_000

export interface CurveOptions {
  /** Slots of the last point; default: as many as can be used at once, at most 64. */
  readonly most?: number
  readonly interval?: Micros
  readonly simulation?: SimulationOptions
}

/**
 * Simulates the run at 1, 2, … slots, pools as they are. More slots can lengthen a run (Graham's anomalies): the curve
 * shows it as it is. The bound is that of each point's own work, since with `failFast` the work may depend on the order.
 */
export function slotsCurve(plan: Plan, model: SimulationModel, options: CurveOptions = {}): SlotsCurve {
  const { interval = PROVISIONING_INTERVAL, simulation = {} } = options
  const longestPath = new SimulationCore(unlimited(plan), simulation).run(model)
  const widest = measured({ ...plan, slots: MOST_SLOTS }, model, simulation)
  const enough = Math.max(1, ...peaks(widest.use, Math.max(1, widest.makespan)))
  const most = options.most ?? Math.min(enough, MOST_CURVE_SLOTS)
  const points = Array.from({ length: most }, (_, at): SlotsPoint => {
    const slots = at + 1
    const { makespan, use, overran } = measured({ ...plan, slots }, model, simulation)
    const work = slotTime(use)
    return {
      slots,
      makespan,
      bound: Math.max(longestPath, Math.ceil(work / slots)),
      utilisation: makespan === 0 ? 0 : work / (slots * makespan),
      cost: runCost(use, slots, interval),
      overran,
    }
  })
  return { points, longestPath, enough }
}

function measured(plan: Plan, model: SimulationModel, options: SimulationOptions) {
  const trace = new SimulationTrace()
  const core = new SimulationCore(plan, options, trace)
  trace.clear(core)
  const makespan = core.run(model)
  return { makespan, use: slotUseOf(trace, makespan), overran: core.state.overrun >= 0 }
}

const MOST_SLOTS = 2 ** 30

/** No instance ever waits for a place. */
function unlimited(plan: Plan): Plan {
  return {
    ...plan,
    slots: MOST_SLOTS,
    poolSize: plan.poolSize.map(() => MOST_SLOTS),
    maxParallel: plan.maxParallel.map(() => 0),
  }
}
