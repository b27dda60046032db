import { type Task, TRIGGER_RULES } from '../model/pipeline.ts'
import type { Turn } from './host.testing.ts'
import type { Plan } from './plan.ts'
import type { SchedulerState } from './state.ts'
import type { Command, SchedulerEvent } from './types.ts'

type Class = 's' | 'f' | 'k' | 'u'
export type OracleVerdict = 'run' | 'skipped' | 'upstream_failed'

/** DESIGN 4.2 by lists instead of counts. `open`: not done yet. */
function verdictOf(rule: string, upstreams: readonly (Class | null)[]): OracleVerdict | null {
  const all = (...classes: (Class | null)[]) => upstreams.every((one) => classes.includes(one))
  const any = (...classes: Class[]) => upstreams.some((one) => one !== null && classes.includes(one))
  const done = !upstreams.includes(null)
  switch (rule) {
    case 'all_success':
      return all('s') ? 'run' : any('f', 'u') ? 'upstream_failed' : any('k') ? 'skipped' : null
    case 'all_failed':
      return all('f', 'u') ? 'run' : any('s', 'k') ? 'skipped' : null
    case 'all_done':
      return done ? 'run' : null
    case 'all_done_min_one_success':
      return any('k') ? 'skipped' : !done ? null : any('s') ? 'run' : 'upstream_failed'
    case 'one_success':
      return any('s') ? 'run' : !done ? null : all('k') ? 'skipped' : 'upstream_failed'
    case 'one_failed':
      return any('f', 'u') ? 'run' : done ? 'skipped' : null
    case 'one_done':
      return any('s', 'f') ? 'run' : done ? 'skipped' : null
    case 'none_failed':
      return any('f', 'u') ? 'upstream_failed' : done ? 'run' : null
    case 'none_failed_min_one_success':
      return any('f', 'u') ? 'upstream_failed' : !done ? null : any('s') ? 'run' : 'skipped'
    case 'none_skipped':
      return any('k') ? 'skipped' : done ? 'run' : null
    case 'all_skipped':
      return any('s', 'f', 'u') ? 'skipped' : done ? 'run' : null
    default:
      return 'run'
  }
}

const CLASS: Readonly<Record<string, Class>> = {
  success: 's',
  failed: 'f',
  cancelled: 'f',
  skipped: 'k',
  upstream_failed: 'u',
}

interface Verdict {
  readonly turn: number
  readonly verdict: OracleVerdict
}

/**
 * What every rule should have said, and when, worked out anew after each line of a run's story from nothing but final
 * states and answers. Knows nothing of counts, queues or order.
 */
export class RuleOracle {
  readonly expected = new Map<string, Verdict>()
  readonly actual = new Map<string, Verdict>()
  /** Ended without their rule: cancelled, marked, not taken, a condition in error. */
  readonly excused = new Map<string, number>()
  private readonly final = new Map<string, Class>()
  private readonly sizes = new Map<number, number>()
  private readonly edges = new Map<string, boolean>()
  private readonly plan: Plan
  private readonly tasks: readonly Task[]

  constructor(plan: Plan, tasks: readonly Task[]) {
    this.plan = plan
    this.tasks = tasks
  }

  read(state: SchedulerState, turns: readonly Turn[]): void {
    turns.forEach((turn, number) => {
      this.event(turn.event, state)
      if (number === 0) this.judge(0)
      this.judge(number)
      for (const command of turn.commands) {
        this.command(command, number, state)
        this.judge(number)
      }
    })
  }

  private event(event: SchedulerEvent, state: SchedulerState): void {
    if (event.type === 'answered' && event.question === 'edge' && event.error === undefined) {
      this.edges.set(`${event.task}[${event.index}]<${event.upstream}`, event.value)
    }
    if (event.type === 'expanded' && event.error === undefined && !this.final.has(`${event.task}`)) {
      const size = state.size[event.task] as number
      if (size > 0) this.sizes.set(event.task, size)
    }
  }

  private command(command: Command, turn: number, state: SchedulerState): void {
    const keyOf = (instance: number) => {
      const task = state.task[instance] as number
      return this.sizes.has(task) ? `${task}[${state.index[instance]}]` : `${task}`
    }
    if (command.type === 'ask' && command.question === 'when') {
      this.ran(command.index < 0 ? `${command.task}` : `${command.task}[${command.index}]`, turn)
    } else if (command.type === 'expand' && this.followed(command.task) < 0) this.ran(`${command.task}`, turn)
    else if (command.type === 'queue' || command.type === 'start') {
      this.ran(keyOf(command.instance), turn)
    } else if (command.type === 'settle') {
      const key = command.instance < 0 ? `${command.task}` : keyOf(command.instance)
      this.settled(key, command, turn)
    }
  }

  private settled(key: string, command: Extract<Command, { type: 'settle' }>, turn: number): void {
    this.final.set(key, CLASS[command.state] as Class)
    const whole = command.instance < 0 && this.sizes.has(command.task)
    if (this.actual.has(key) || whole) return
    if (key.includes('[') && this.followed(command.task) < 0) return
    const code = command.reason?.code
    if (
      command.state === 'upstream_failed' ||
      (command.state === 'skipped' && (code === 'rule' || code === 'when_false'))
    ) {
      this.actual.set(key, { turn, verdict: command.state })
    } else if (code === 'empty_map') this.actual.set(key, { turn, verdict: 'run' })
    else this.excused.set(key, turn)
  }

  private ran(key: string, turn: number): void {
    const list = key.slice(0, key.indexOf('['))
    if (key.includes('[') && this.followed(Number(list)) < 0) return
    if (!this.actual.has(key)) this.actual.set(key, { turn, verdict: 'run' })
  }

  private judge(turn: number): void {
    for (let task = 0; task < this.plan.count; task++) {
      const size = this.followed(task) >= 0 ? this.sizes.get(task) : undefined
      if (size === undefined) this.judgeOne(`${task}`, task, -1, turn)
      else for (let index = 0; index < size; index++) this.judgeOne(`${task}[${index}]`, task, index, turn)
    }
  }

  private judgeOne(key: string, task: number, index: number, turn: number): void {
    if (this.expected.has(key) || this.excused.has(key) || this.excused.has(`${task}`)) return
    const upstreams = this.upstreamsOf(task).flatMap((upstream) => this.contributions(task, index, upstream))
    const rule = TRIGGER_RULES[this.plan.rule[task] as number] as string
    const verdict = upstreams.length === 0 ? 'run' : verdictOf(rule, upstreams)
    if (verdict === null) return
    const followed = this.followed(task)
    if (followed >= 0 && index < 0 && verdict === 'run') {
      if (!this.final.has(`${followed}`) || this.sizes.has(followed)) return
    }
    this.expected.set(key, { turn, verdict })
  }

  private upstreamsOf(task: number): readonly number[] {
    return [...this.plan.up.subarray(this.plan.upStart[task], this.plan.upStart[task + 1])]
  }

  private followed(task: number): number {
    const forEach = this.tasks[task]?.forEach
    return forEach?.type === 'each' ? (this.plan.numberOf.get(forEach.task) as number) : -1
  }

  private contributions(task: number, index: number, upstream: number): readonly (Class | null)[] {
    const size = this.sizes.get(upstream)
    const whole = this.final.get(`${upstream}`) ?? null
    const condition = this.tasks[task]?.needs.find((need) => need.task === this.plan.ids[upstream])?.when ?? null
    const branches = this.tasks[upstream]?.branch !== null && size !== undefined
    if (this.followed(task) === upstream && size !== undefined) {
      if (index < 0) return [null]
      if (branches && whole === null) return [null]
      const own = this.final.get(`${upstream}[${index}]`) ?? null
      return [own === null || condition === null ? own : this.answered(`${task}[${index}]<${upstream}`, own)]
    }
    const instances =
      size === undefined
        ? [whole]
        : Array.from({ length: size }, (_, at) => this.final.get(`${upstream}[${at}]`) ?? null)
    if (condition === null) return branches && whole === null ? instances.map(() => null) : instances
    if (whole === null) return instances.map(() => null)
    return instances.map((one) => (one === null ? null : this.answered(`${task}[-1]<${upstream}`, one)))
  }

  private answered(key: string, own: Class): Class | null {
    const value = this.edges.get(key)
    return value === undefined ? null : value ? own : 'k'
  }
}
