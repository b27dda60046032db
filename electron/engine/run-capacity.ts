import type { WorkspaceConfig } from '#shared/model/pipeline.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import { type SchedulerState, taskOf } from '#shared/scheduler/state.ts'
import type { InstanceNumber } from '#shared/scheduler/types.ts'
import type { Capacity, CapacityUser, SharedCapacity } from './capacity.ts'

/** One run's part in the slots and pools of its workspace: what it holds, what the others leave to it. */
export class RunCapacity implements CapacityUser {
  readonly roomChanged: () => void
  private readonly plan: Plan
  private readonly state: SchedulerState
  private readonly config: WorkspaceConfig
  private readonly shared: SharedCapacity
  private readonly holding = new Set<InstanceNumber>()
  private readonly usedPools = new Map<string, number>()
  private useChanged = false
  /** What the scheduler was told last; null before the first time. */
  private told: Capacity | null = null

  /** `roomChanged`: called when others use less than before. */
  constructor(
    plan: Plan,
    state: SchedulerState,
    config: WorkspaceConfig,
    shared: SharedCapacity,
    roomChanged: () => void,
  ) {
    this.plan = plan
    this.state = state
    this.config = config
    this.shared = shared
    this.roomChanged = roomChanged
  }

  join(): void {
    this.shared.join(this)
  }

  leave(): void {
    this.holding.clear()
    this.usedPools.clear()
    this.shared.leave(this)
  }

  get used(): Capacity {
    return { slots: this.holding.size, pools: this.usedPools }
  }

  hold(instance: InstanceNumber): void {
    if (this.holding.has(instance)) return
    this.holding.add(instance)
    this.countPool(instance, 1)
  }

  release(instance: InstanceNumber): void {
    if (this.holding.delete(instance)) this.countPool(instance, -1)
  }

  /** Tells the other runs what this one has taken and given back since the last time. */
  announce(): void {
    if (!this.useChanged) return
    this.useChanged = false
    this.shared.announce(this)
  }

  /** What this run may use now, of its own limits and the workspace's, where that differs from what was told last. */
  news(): Capacity | null {
    const { plan } = this
    const left = this.shared.leftTo(this, this.config)
    const slots = Math.min(left.slots, plan.slots)
    const pools = new Map(
      plan.poolNames.map((name, pool) => [name, Math.min(left.pools.get(name) ?? Infinity, plan.poolSize[pool]!)]),
    )
    const before = this.told ?? { slots: plan.slots, pools: poolSizes(plan) }
    if (slots === before.slots && [...pools].every(([name, size]) => before.pools.get(name) === size)) return null
    this.told = { slots, pools }
    return this.told
  }

  private countPool(instance: InstanceNumber, sign: 1 | -1): void {
    const task = taskOf(this.state, instance)
    const pool = this.plan.pool[task]!
    if (pool >= 0) {
      const name = this.plan.poolNames[pool]!
      this.usedPools.set(name, (this.usedPools.get(name) ?? 0) + sign * this.plan.poolUse[task]!)
    }
    this.useChanged = true
  }
}

function poolSizes(plan: Plan): ReadonlyMap<string, number> {
  return new Map(plan.poolNames.map((name, pool) => [name, plan.poolSize[pool]!]))
}
