import { moneyText, type RunCost } from '#shared/analysis/cost.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import { changeText } from '#shared/analysis/scenario.ts'
import { effectSentence } from '#shared/analysis/scenario-effect.ts'
import type { SlotsCurve } from '#shared/analysis/slots-curve.ts'
import { typicalDuration } from '#shared/analysis/task-odds.ts'
import type { Terminal } from './command.ts'
import type { SimulationReport } from './simulation-json.ts'
import { type Output, plainText, table } from './terminal.ts'

/** For people: what a run takes and how surely, what the scenario does, what to change, what slots are worth. */
export function printSimulation({ out }: Terminal, report: SimulationReport): void {
  const { loaded, answer, before, after } = report
  const { source, runs, notes } = loaded
  const counted = `${source.slots} ${source.slots === 1 ? 'slot' : 'slots'}`
  out.line(`${out.paint('bold', plainText(source.pipeline.id))} at ${counted}, by ${runsText(runs.length)}`)
  for (const note of notes) out.line(out.paint('yellow', plainText(note)))
  out.line()
  const { effect } = answer
  out.line(
    `typical run   ${durationText(effect.before)}: every attempt takes its typical time${endText(effect.stateBefore)}`,
  )
  if (effect.scenario.length > 0) {
    out.line(`what if       ${plainText(effectSentence(effect))}`)
    printHits(out, report)
  }
  if (before !== null) printDraws(out, before, after)
  printTasks(out, report)
  printFixes(out, report)
  if (answer.curve !== null) printCurve(out, answer.curve, report)
}

function runsText(count: number): string {
  return count === 0 ? 'estimates' : count === 1 ? 'its last run' : `its last ${count} runs`
}

function endText(state: string): string {
  return state === 'success' ? '' : `; it ends as ${state}`
}

const MOST_HITS = 12

function printHits(out: Output, { answer: { effect } }: SimulationReport): void {
  const hit = effect.tasks.filter((task) => !task.changed)
  const rows = hit.slice(0, MOST_HITS).map((task) => {
    const moved = task.delay === 0 ? '' : `ends ${signed(task.delay)}`
    const state = task.state === task.stateBefore ? '' : task.state
    return [
      `  ${plainText(task.task)}`,
      state,
      moved,
      task.downstream ? '' : out.paint('dim', 'through slots or pools'),
    ]
  })
  for (const line of table(rows)) out.line(line)
  if (hit.length > MOST_HITS) out.line(`  and ${hit.length - MOST_HITS} more tasks`)
}

function signed(time: number): string {
  return time > 0 ? `${durationText(time)} later` : `${durationText(-time)} sooner`
}

function printDraws(out: Output, before: MonteCarloResult, after: MonteCarloResult | null): void {
  const drawn = `${before.draws.toLocaleString('en-US')} draws, seed ${before.seed}`
  const results = after === null ? [before] : [before, after]
  const spread = (text: (result: MonteCarloResult) => string) => results.map(text)
  out.line()
  const rows = [
    [out.paint('dim', drawn), ...(after === null ? [''] : ['as it is', 'what if'])],
    ['mean', ...spread(({ makespan }) => durationText(makespan.mean))],
    ['deviation', ...spread(({ makespan }) => durationText(makespan.deviation))],
    ...before.makespan.percentiles.map(({ percent }, at) => [
      `p${percent}`,
      ...spread(({ makespan }) => durationText(makespan.percentiles[at]!.value)),
    ]),
    ['run fails', ...spread(({ states }) => percentText(states.failed))],
    ...(results.some(({ overran }) => overran > 0)
      ? [['run times out', ...spread(({ overran }) => percentText(overran))]]
      : []),
  ]
  for (const line of table(rows, new Set([1, 2]))) out.line(line)
  out.line()
  printHistogram(out, before)
}

const BARS = 12
const BAR_WIDTH = 40

function printHistogram(out: Output, { histogram: { from, width, counts } }: MonteCarloResult): void {
  if (counts.length < 2) return
  const joined = Math.ceil(counts.length / BARS)
  const bars = Array.from({ length: Math.ceil(counts.length / joined) }, (_, bar) =>
    counts.slice(bar * joined, (bar + 1) * joined).reduce((sum, count) => sum + count, 0),
  )
  const most = Math.max(...bars)
  const rows = bars.map((count, bar) => [
    durationText(from + bar * joined * width),
    '█'.repeat(Math.round((BAR_WIDTH * count) / most)) || (count > 0 ? '▏' : ''),
  ])
  for (const line of table(rows, new Set([0]))) out.line(line)
}

function percentText(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1%'
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)}%`
}

const MOST_TASKS = 12

function printTasks(out: Output, { loaded: { source }, before, objectives }: SimulationReport): void {
  const goals = before?.goals ?? []
  if (goals.length > 0) {
    out.line()
    out.line(out.paint('dim', 'chance that the next run keeps its objectives'))
    const rows = goals.map(({ goal, chance, margin }, number) => [
      plainText(goal.task ?? source.pipeline.id),
      objectives[number]!.promise,
      percentText(chance),
      out.paint('dim', `± ${percentText(margin)}`),
    ])
    for (const line of table(rows, new Set([2]))) out.line(line)
  }
  if (before === null) return
  const chances = before.tasks.toSorted((a, b) => b.criticality - a.criticality).slice(0, MOST_TASKS)
  const timeouts = before.tasks.some(({ timedOut }) => timedOut > 0)
  const rows = chances.map(({ task, criticality, success, timedOut }) => {
    const own = source.odds.get(task)!
    const guess = own.source === 'default' && typicalDuration(own.duration) > 0 ? '~' : ''
    const duration = guess + durationText(typicalDuration(own.duration))
    const late = timeouts ? [percentText(timedOut)] : []
    return [plainText(task), duration, percentText(criticality), percentText(success), ...late]
  })
  out.line()
  const titles = ['task', 'attempt', 'critical in', 'succeeds in', ...(timeouts ? ['times out in'] : [])]
  const head = titles.map((cell) => out.paint('dim', cell))
  for (const line of table([head, ...rows], new Set([1, 2, 3, 4]))) out.line(line)
  if (before.tasks.length > MOST_TASKS) out.line(`and ${before.tasks.length - MOST_TASKS} more tasks`)
}

function printFixes(out: Output, { answer }: SimulationReport): void {
  if (answer.fixes.length === 0) return
  out.line()
  out.line(out.paint('dim', `what to fix first${withChange(answer)}: single changes by what they bring`))
  const rows = answer.fixes.map(({ change, gain, share }) => [
    `  ${plainText(changeText(change))}`,
    gain === 0 ? 'no change' : signed(-gain),
    gain === 0 ? '' : `${Math.round(Math.abs(share) * 100)}%`,
  ])
  for (const line of table(rows, new Set([2]))) out.line(line)
}

/** Where there is a scenario, everything after it is told with it made. */
function withChange({ effect }: SimulationReport['answer']): string {
  return effect.scenario.length === 0 ? '' : ', the change made'
}

const MOST_POINTS = 12

function printCurve(out: Output, { points, longestPath, enough }: SlotsCurve, report: SimulationReport): void {
  const price = report.loaded.workspace.slotPrice
  const cost = (hours: number) =>
    price === null ? `${Number(hours.toPrecision(3))} h` : moneyText(hours * price.perHour, price.currency)
  out.line()
  const unit = price === null ? 'slot-hours' : `at ${moneyText(price.perHour, price.currency)} a slot-hour`
  out.line(
    out.paint(
      'dim',
      `more slots, fewer slots${withChange(report.answer)}: fixed against scaled every ${durationText(report.interval)}, ${unit}`,
    ),
  )
  const shown = points.filter(({ slots }, at) => {
    return slots <= MOST_POINTS || slots === report.answer.slots || at === points.length - 1
  })
  const head = ['slots', 'makespan', 'no less than', 'used', 'fixed', 'scaled'].map((cell) => out.paint('dim', cell))
  const rows = shown.map((point) => {
    const costs: RunCost = point.cost
    const cells = [
      String(point.slots),
      durationText(point.makespan),
      durationText(point.bound),
      percentText(point.utilisation),
      cost(costs.fixed),
      cost(costs.scaled),
    ]
    return point.slots === report.answer.slots ? cells.map((cell) => out.paint('bold', cell)) : cells
  })
  for (const line of table([head, ...rows], new Set([0, 1, 2, 3, 4, 5]))) out.line(line)
  out.line(`no more than ${enough} are ever used at once; the longest path takes ${durationText(longestPath)}`)
}
