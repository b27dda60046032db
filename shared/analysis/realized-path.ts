import type { AttemptState, Cause, InstanceRef, JournalEvent } from '../journal/event.ts'
import { type AttemptView, attemptStart, type InstanceView, type RunView } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'

/**
 * What led to the end of a run: from the instance that ended last back along binding causes (DESIGN section 5). The
 * segments run from 0 to the makespan without gap or overlap, so they add up to it exactly.
 */
export interface RealizedPath {
  readonly makespan: Micros
  /** In order of time. */
  readonly segments: readonly PathSegment[]
  /** The attempts of the chain, first to last. */
  readonly links: readonly PathLink[]
}

export interface PathSegment {
  /**
   * work: an attempt of the chain ran (see `outcome`); retry: the delay before a further attempt; overhead: from the
   * cause to the start, and from the last attempt's end to the run's; interrupted: the engine was down or the machine
   * slept.
   */
  readonly kind: 'work' | 'retry' | 'overhead' | 'interrupted'
  readonly from: Micros
  readonly to: Micros
  /** The instance that ran, or whose start (or verdict) it led to. */
  readonly task: string
  readonly index: number | null
  /** Of work. */
  readonly outcome: AttemptState | null
}

export interface PathLink {
  readonly task: string
  readonly index: number | null
  /** From 1; 0 for an instance that got its verdict without running. */
  readonly attempt: number
  /** What its start waited for last; null where it did not run. */
  readonly cause: Cause | null
  /** Start - readyAt: how long it waited for a slot, pool or place. Outside the sum of the segments. */
  readonly waited: Micros
}

interface Step {
  readonly task: string
  readonly instance: InstanceView
  /** Position in `instance.attempts`; -1 for an instance that did not run. */
  readonly position: number
}

interface FinishedStep extends Step {
  readonly end: Micros
}

/**
 * Takes a folded run and the events it was folded from. Null where no instance has ended yet. Of a damaged journal it
 * follows the chain as far as it is recorded; what lies before counts as overhead.
 */
export function realizedPath(view: RunView, events: readonly JournalEvent[]): RealizedPath | null {
  const last = lastStep(view)
  if (last === null || view.lastSettledAt === null) return null
  const walk = new Walk(view, view.lastSettledAt)
  walk.follow(last)
  return {
    makespan: view.lastSettledAt,
    segments: cutOut(walk.segments.reverse(), interruptionsOf(events)),
    links: walk.links.reverse(),
  }
}

/** Walks back in time; `cursor` is where the segments found so far begin. */
class Walk {
  readonly segments: PathSegment[] = []
  readonly links: PathLink[] = []
  private readonly view: RunView
  private cursor: Micros
  private readonly met = new Set<AttemptView | InstanceView>()
  /** Of all instances, latest first; made when it is first asked for. */
  private finished: readonly FinishedStep[] | null = null

  constructor(view: RunView, end: Micros) {
    this.view = view
    this.cursor = end
  }

  follow(last: Step): void {
    let later = last
    let step: Step | null = last
    while (step !== null && !this.met.has(keyOf(step))) {
      this.met.add(keyOf(step))
      this.back('overhead', endOf(step) ?? this.cursor, later)
      const next: Step | null = step.position < 0 ? this.passVerdict(step) : this.passAttempt(step)
      later = step
      step = next
    }
    this.back('overhead', 0, later)
  }

  private passAttempt(step: Step): Step | null {
    const attempt = step.instance.attempts[step.position]!
    const start = attemptStart(attempt)
    this.back('work', start, step, attempt.state)
    this.links.push({
      ...refOf(step),
      attempt: attempt.attempt,
      cause: attempt.cause,
      waited: Math.max(0, start - attempt.readyAt),
    })
    if (attempt.cause.type === 'retry' && step.position > 0) this.back('overhead', attempt.readyAt, step)
    const before = this.causeOf(step, attempt)
    if (attempt.cause.type === 'retry' && before !== null) this.back('retry', endOf(before) ?? this.cursor, step)
    return before
  }

  private passVerdict(step: Step): Step | null {
    this.links.push({ ...refOf(step), attempt: 0, cause: null, waited: 0 })
    const by = step.instance.reason?.by
    const named = by === undefined ? null : this.lastEnded(by.task, by.index, this.cursor)
    return named ?? this.latestEnded(this.cursor)
  }

  private causeOf(step: Step, attempt: AttemptView): Step | null {
    const { cause } = attempt
    switch (cause.type) {
      case 'begin':
        return null
      case 'retry':
        return step.position > 0 ? { ...step, position: step.position - 1 } : null
      case 'resume':
        return step.position > 0 ? { ...step, position: step.position - 1 } : this.latestEnded(attempt.startingAt)
      case 'marked':
        return this.latestEnded(attempt.startingAt)
      case 'dependency':
        return this.lastEnded(cause.task, cause.index, attempt.startingAt)
      case 'slot':
      case 'pool':
      case 'maxParallel':
        // Freed by another run: within this one, what made the instance ready is what is left to follow.
        return cause.task === null
          ? this.latestEnded(attempt.readyAt)
          : this.lastFinished({ task: cause.task, index: cause.index }, attempt.startingAt)
    }
  }

  /** The instance of the task (any of a mapped one, where `index` is null) that ended last, not after `limit`. */
  private lastEnded(task: string, index: number | null, limit: Micros): Step | null {
    let found: Step | null = null
    let latest = Number.NEGATIVE_INFINITY
    for (const instance of this.view.tasks.get(task)?.instances ?? []) {
      if (index !== null && instance.index !== index) continue
      const end = instance.endedAt
      if (end === null || end > limit || end <= latest) continue
      latest = end
      found = { task, instance, position: instance.attempts.length - 1 }
    }
    return found
  }

  /** The attempt of that very instance that freed its place last, not after `limit`. */
  private lastFinished(place: InstanceRef, limit: Micros): Step | null {
    const instances = this.view.tasks.get(place.task)?.instances ?? []
    const there = instances[place.index ?? 0]
    const instance =
      there?.index === place.index ? there : instances.find((candidate) => candidate.index === place.index)
    if (instance === undefined) return null
    const position = instance.attempts.findLastIndex((attempt) => (attempt.finishedAt ?? Infinity) <= limit)
    return position < 0 ? null : { task: place.task, instance, position }
  }

  /** Where the journal names no cause: the attempt of any instance that finished last, not after `limit`. */
  private latestEnded(limit: Micros): Step | null {
    this.finished ??= finishedSteps(this.view)
    const { finished, met } = this
    let [low, high] = [0, finished.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (finished[middle]!.end > limit) low = middle + 1
      else high = middle
    }
    while (low < finished.length && met.has(keyOf(finished[low]!))) low++
    return finished[low] ?? null
  }

  private back(kind: PathSegment['kind'], to: Micros, step: Step, outcome: AttemptState | null = null): void {
    if (to >= this.cursor) return
    const from = Math.max(0, to)
    this.segments.push({ kind, from, to: this.cursor, ...refOf(step), outcome })
    this.cursor = from
  }
}

/** Every attempt that finished, latest first; ties in the order of the run's tasks and instances. */
function finishedSteps({ tasks }: RunView): readonly FinishedStep[] {
  const steps: FinishedStep[] = []
  for (const [task, { instances }] of tasks) {
    for (const instance of instances) {
      instance.attempts.forEach(({ finishedAt }, position) => {
        if (finishedAt !== null) steps.push({ task, instance, position, end: finishedAt })
      })
    }
  }
  return steps.sort((a, b) => b.end - a.end)
}

/** Ties: an instance that ran before one that did not, then file order. */
function lastStep(view: RunView): Step | null {
  let found: Step | null = null
  let latest = Number.NEGATIVE_INFINITY
  for (const id of view.order) {
    for (const instance of view.tasks.get(id)!.instances) {
      const end = instance.endedAt
      if (end === null) continue
      const ran = instance.attempts.length > 0
      if (end < latest || (end === latest && (!ran || found!.position >= 0))) continue
      latest = end
      found = { task: id, instance, position: instance.attempts.length - 1 }
    }
  }
  return found
}

function endOf(step: Step): Micros | null {
  if (step.position < 0) return step.instance.endedAt
  return step.instance.attempts[step.position]!.finishedAt ?? step.instance.endedAt
}

function keyOf(step: Step): AttemptView | InstanceView {
  return step.instance.attempts[step.position] ?? step.instance
}

function refOf(step: Step): InstanceRef {
  return { task: step.task, index: step.instance.index }
}

interface Interval {
  readonly from: Micros
  readonly to: Micros
}

/** When no engine ran: from the last event before a resume to it; and while the machine slept. In order of time. */
export function interruptionsOf(events: readonly JournalEvent[]): readonly Interval[] {
  const found: Interval[] = []
  let before: Micros = 0
  for (const event of events) {
    if (event.type === 'resumed') found.push({ from: before, to: event.t })
    else if (event.type === 'suspended') found.push({ from: Math.min(event.from, event.t), to: event.t })
    before = event.t
  }
  return found.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)
}

/** Splits the segments where an interruption begins or ends; what lies inside one is interrupted. */
function cutOut(segments: readonly PathSegment[], interruptions: readonly Interval[]): PathSegment[] {
  const result: PathSegment[] = []
  for (const segment of segments) {
    let from = segment.from
    for (const interruption of interruptions) {
      const start = Math.max(from, interruption.from)
      const end = Math.min(segment.to, interruption.to)
      if (end <= start) continue
      if (start > from) result.push({ ...segment, from, to: start })
      result.push({ ...segment, kind: 'interrupted', from: start, to: end, outcome: null })
      from = end
    }
    if (from < segment.to) result.push({ ...segment, from })
  }
  return result
}
