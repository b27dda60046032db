import type { WorkspaceConfig } from '#shared/model/pipeline.ts'

export interface Capacity {
  readonly slots: number
  readonly pools: ReadonlyMap<string, number>
}

/** A run as the others see it. */
export interface CapacityUser {
  /** What it uses now. */
  readonly used: Capacity
  /** Others use less than before: it may have room to start something. */
  roomChanged(): void
}

/** Slots and pools that the runs of a workspace share. Only the limits of `dagwright.yaml` count here. */
export class SharedCapacity {
  private readonly users = new Set<CapacityUser>()

  join(user: CapacityUser): void {
    this.users.add(user)
    this.announce(user)
  }

  leave(user: CapacityUser): void {
    this.users.delete(user)
    this.announce(user)
  }

  /** What the others leave to this one, its own use included. Infinite where the workspace sets no limit. */
  leftTo(user: CapacityUser, config: WorkspaceConfig): Capacity {
    let slots = config.slots ?? Number.MAX_SAFE_INTEGER
    const pools = new Map(config.pools)
    for (const other of this.users) {
      if (other === user) continue
      slots -= other.used.slots
      for (const [name, used] of other.used.pools) {
        const size = pools.get(name)
        if (size !== undefined) pools.set(name, size - used)
      }
    }
    for (const [name, size] of pools) pools.set(name, Math.max(0, size))
    return { slots: Math.max(0, slots), pools }
  }

  /** A user's use has changed. */
  announce(user: CapacityUser): void {
    for (const other of this.users) if (other !== user) other.roomChanged()
  }
}
