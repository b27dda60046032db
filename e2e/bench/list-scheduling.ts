import type { Needs } from './shapes.ts'

/** Starts of a run in their order, by task number, and when its last task ended. */
export interface Schedule {
  readonly order: readonly number[]
  readonly makespan: number
}

/**
 * Graham's list scheduling over some slots: whenever one is free, the ready task that `before` puts first starts. Kept
 * apart from the app's scheduler, to hold it against. `readyAt` is when a task's last upstream ended; equal ones go by
 * number.
 */
export function listSchedule(
  needs: Needs,
  durations: readonly number[],
  slots: number,
  before: (a: number, b: number, readyAt: Float64Array) => number,
): Schedule {
  const downs: number[][] = needs.map(() => [])
  needs.forEach((own, task) => {
    for (const up of own) downs[up]?.push(task)
  })
  const open = Int32Array.from(needs, (own) => own.length)
  const readyAt = new Float64Array(needs.length)
  const ready = needs.flatMap((own, task) => (own.length === 0 ? [task] : []))
  const running: { readonly task: number; readonly end: number }[] = []
  const order: number[] = []
  let now = 0
  for (;;) {
    ready.sort((a, b) => before(a, b, readyAt) || a - b)
    for (const task of ready.splice(0, slots - running.length)) {
      order.push(task)
      running.push({ task, end: now + (durations[task] ?? 0) })
    }
    if (running.length === 0) return { order, makespan: now }
    running.sort((a, b) => a.end - b.end)
    now = running[0]?.end ?? now
    while (running[0]?.end === now) {
      for (const down of downs[running.shift()?.task ?? -1] ?? []) {
        readyAt[down] = now
        open[down] = (open[down] ?? 0) - 1
        if (open[down] === 0) ready.push(down)
      }
    }
  }
}

/** In the order of their becoming ready. */
export const firstInFirstOut = (a: number, b: number, readyAt: Float64Array) => (readyAt[a] ?? 0) - (readyAt[b] ?? 0)

/** Longest path from each task's start to the end. `needs` may stand in any order. */
export function remainingPaths(needs: Needs, durations: readonly number[]): Float64Array {
  const remaining = Float64Array.from(durations)
  const open = new Int32Array(needs.length)
  for (const own of needs) for (const up of own) open[up] = (open[up] ?? 0) + 1
  const done = needs.flatMap((_, task) => (open[task] === 0 ? [task] : []))
  for (let task = done.pop(); task !== undefined; task = done.pop()) {
    for (const up of needs[task] ?? []) {
      remaining[up] = Math.max(remaining[up] ?? 0, (durations[up] ?? 0) + (remaining[task] ?? 0))
      open[up] = (open[up] ?? 0) - 1
      if (open[up] === 0) done.push(up)
    }
  }
  return remaining
}
