import { durationText } from '#shared/analysis/duration-text.ts'
import type { PlannedTask, RunPlan } from '#shared/contract/run-plan.ts'
import { secondsOf } from '#shared/model/time.ts'
import { type Output, plainText } from './terminal.ts'

/** For programs: times in seconds. */
export function planInSeconds(plan: RunPlan) {
  return {
    ...plan,
    makespan: secondsOf(plan.makespan),
    tasks: plan.tasks.map((task) => ({
      ...task,
      start: task.start === null ? null : secondsOf(task.start),
      expected: secondsOf(task.expected),
      timeout: task.timeout === null ? null : secondsOf(task.timeout),
    })),
  }
}

/** What a run would do, for people: its facts, then every task in the order of the starts, with its code. */
export function printRunPlan(out: Output, plan: RunPlan): void {
  const running = plan.tasks.filter(({ does }) => does === 'run').length
  out.line(`${out.paint('bold', plainText(plan.pipeline))} (${plainText(plan.file)}): nothing is run by this.`)
  const { start, end } = plan.dataInterval
  const pools = Object.entries(plan.pools).map(([name, size]) => `, pool ${plainText(name)} ${size}`)
  fact(out, 'logical date', `${plan.logicalDate}, interval ${start} to ${end}`)
  for (const [name, value] of Object.entries(plan.params)) {
    fact(out, 'parameter', `${plainText(name)} = ${plainText(JSON.stringify(value))}`)
  }
  fact(out, 'slots', `${plan.slots}${pools.join('')}`)
  if (plan.parent !== null) fact(out, 'rerun of', plan.parent)
  fact(out, 'tasks', `${running} of ${plan.tasks.length} would run, in about ${durationText(plan.makespan)}`)
  plan.tasks.forEach((task, at) => {
    out.line()
    printTask(out, task, at + 1)
  })
}

function fact(out: Output, name: string, text: string): void {
  out.line(`  ${out.paint('dim', name.padEnd(12))}  ${text}`)
}

function printTask(out: Output, task: PlannedTask, place: number): void {
  out.line(`${String(place).padStart(3)}. ${out.paint('bold', plainText(task.task))}  ${task.kind}  ${fateText(task)}`)
  for (const line of detailsOf(task)) out.line(`     ${line}`)
  if (task.problem !== null) out.line(`     ${out.paint('red', 'problem')} ${plainText(task.problem)}`)
  if (task.does !== 'run' || task.code === null) return
  for (const [name, value] of Object.entries(task.code.env)) code(out, `${name}=${value}`)
  for (const line of task.code.code.trimEnd().split('\n')) code(out, line)
}

function code(out: Output, line: string): void {
  out.line(`     ${out.paint('dim', '|')} ${plainText(line)}`)
}

function fateText({ does, why, start, expected, cache, mapped, instances }: PlannedTask): string {
  if (does === 'pin') return 'takes the outputs of its pin'
  if (does === 'reuse') return 'keeps its success of the earlier run'
  if (does === 'skip') return `skipped: ${plainText(why ?? '')}`
  const at = start === null ? 'runs' : start === 0 ? 'starts at once' : `starts after ${durationText(start)}`
  const times = !mapped
    ? ''
    : instances === null
      ? ', once for every item of a list made by the run'
      : `, ${instances} times`
  return `${at}, takes about ${durationText(expected)}${times}${cache ? ', unless the cache has it' : ''}`
}

function detailsOf(task: PlannedTask): readonly string[] {
  if (task.does !== 'run') return []
  const waits = task.waitsFor.map(({ task: id, when }) => (when === null ? id : `${id} (if ${when})`))
  const rule = task.triggerRule === 'all_success' ? '' : ` (${task.triggerRule})`
  const limits = [
    task.pool === null ? null : `pool ${task.pool.name}, ${task.pool.slots} of its slots`,
    task.retries === 0 ? null : `${task.retries} retries`,
    task.timeout === null ? null : `timeout ${durationText(task.timeout)}`,
  ].filter((limit) => limit !== null)
  return [
    waits.length === 0 ? null : `waits for ${waits.join(', ')}${rule}`,
    task.when === null ? null : `only if ${task.when}`,
    limits.length === 0 ? null : limits.join('; '),
    task.environment.length === 0 ? null : `environment ${task.environment.join(', ')}`,
    task.secrets.length === 0 ? null : `secrets ${task.secrets.join(', ')}`,
  ].flatMap((line) => (line === null ? [] : [plainText(line)]))
}
