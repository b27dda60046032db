import type { Micros } from '../model/time.ts'
import type { SimulationTrace } from './simulation-trace.ts'

/** Slots in use over time: `used[i]` from `at[i]` to `at[i + 1]`, the last one to `end`. */
export interface SlotUse {
  readonly at: readonly Micros[]
  readonly used: readonly number[]
  readonly end: Micros
}

/** Of the core's last run. Instants at which nothing changes are left out; attempts of no length use nothing. */
export function slotUseOf({ size, start, end }: SimulationTrace, makespan: Micros): SlotUse {
  const steps = new Map<Micros, number>([[0, 0]])
  for (let attempt = 0; attempt < size; attempt++) {
    const [from, to] = [start[attempt] as number, end[attempt] as number]
    steps.set(from, (steps.get(from) ?? 0) + 1)
    steps.set(to, (steps.get(to) ?? 0) - 1)
  }
  const at: Micros[] = []
  const used: number[] = []
  let now = 0
  for (const [time, step] of [...steps].sort(([a], [b]) => a - b)) {
    now += step
    if (time >= makespan || (used.length > 0 && used.at(-1) === now)) continue
    at.push(time)
    used.push(now)
  }
  return { at, used, end: makespan }
}

/** Slot time in use: the area under the curve, in slot-microseconds. */
export function slotTime(use: SlotUse): Micros {
  return use.used.reduce((sum, slots, step) => sum + slots * (stepEnd(use, step) - (use.at[step] as number)), 0)
}

/** The most slots used at one instant within each interval, from 0 to the end; the last interval may be cut short. */
export function peaks(use: SlotUse, interval: Micros): number[] {
  const found: number[] = new Array(Math.ceil(use.end / interval)).fill(0)
  use.used.forEach((slots, step) => {
    const last = Math.ceil(stepEnd(use, step) / interval)
    for (let at = Math.floor((use.at[step] as number) / interval); at < last; at++) {
      found[at] = Math.max(found[at] as number, slots)
    }
  })
  return found
}

function stepEnd(use: SlotUse, step: number): Micros {
  return use.at[step + 1] ?? use.end
}
