import type { PathSegment, RealizedPath } from '#shared/analysis/realized-path.ts'
import type { Micros } from '#shared/model/time.ts'

export interface TimeShare {
  readonly kind: PathSegment['kind']
  readonly time: Micros
  /** Of the makespan, 0 to 1. */
  readonly share: number
}

export interface ChainStep {
  readonly task: string
  readonly index: number | null
  /** Work of all its attempts on the chain, failed ones too. */
  readonly work: Micros
  readonly attempts: number
  readonly retry: Micros
  readonly overhead: Micros
  /** For a slot, pool or place; not part of the sum. */
  readonly waited: Micros
  readonly share: number
}

const KINDS: readonly PathSegment['kind'][] = ['work', 'retry', 'overhead', 'interrupted']

/** The makespan by kind; kinds that took no time are left out. The times add up to the makespan. */
export function timeShares(path: RealizedPath): readonly TimeShare[] {
  return KINDS.map((kind) => {
    const time = path.segments.reduce(
      (sum, segment) => sum + (segment.kind === kind ? segment.to - segment.from : 0),
      0,
    )
    return { kind, time, share: path.makespan === 0 ? 0 : time / path.makespan }
  }).filter((share) => share.time > 0)
}

/** The chain by instance, in order of time. */
export function chainSteps(path: RealizedPath): readonly ChainStep[] {
  const steps: { -readonly [Key in keyof ChainStep]: ChainStep[Key] }[] = []
  const stepOf = (task: string, index: number | null) => {
    const last = steps.at(-1)
    if (last !== undefined && last.task === task && last.index === index) return last
    const step = { task, index, work: 0, attempts: 0, retry: 0, overhead: 0, waited: 0, share: 0 }
    steps.push(step)
    return step
  }
  for (const segment of path.segments) {
    if (segment.kind === 'interrupted') continue
    const step = stepOf(segment.task, segment.index)
    step[segment.kind] += segment.to - segment.from
    step.share = path.makespan === 0 ? 0 : step.work / path.makespan
  }
  for (const link of path.links) {
    const step = steps.find((other) => other.task === link.task && other.index === link.index)
    if (step === undefined) continue
    step.waited += link.waited
    if (link.attempt > 0) step.attempts++
  }
  return steps
}
