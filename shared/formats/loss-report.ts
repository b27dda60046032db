import type { Loss } from './format.ts'

/** Gathers losses; those that differ only in their task become one. */
export class LossReport {
  private readonly found = new Map<string, { loss: Loss; tasks: string[] }>()

  /** `task`: null for the pipeline as a whole. */
  add(task: string | null, field: string, loss: Pick<Loss, 'feature' | 'message' | 'instead'>): void {
    const key = JSON.stringify([field, loss.feature, loss.message, loss.instead])
    const known = this.found.get(key)
    const tasks = known?.tasks ?? []
    if (task !== null && !tasks.includes(task)) tasks.push(task)
    if (known === undefined) this.found.set(key, { loss: { ...loss, where: { field, tasks } }, tasks })
  }

  /** In the order in which each was first met. */
  losses(): readonly Loss[] {
    return Array.from(this.found.values(), ({ loss }) => loss)
  }
}
