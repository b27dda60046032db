import { moneyText } from '#shared/analysis/cost.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { PlannedProfile, RushAnswer } from '#shared/analysis/planner.ts'
import type { Rush } from '#shared/analysis/planner-input.ts'
import { mostWorkers, rushClock } from '#shared/analysis/planner-text.ts'
import { type Micros, secondsOf } from '#shared/model/time.ts'
import type { Terminal } from './command.ts'
import { type Output, plainText, table } from './terminal.ts'

/** For people: the verdict, workers over time as bars, what the ways cost, who is late and who waits for whom. */
export function printPlan({ out }: Terminal, rush: Rush, answer: RushAnswer): void {
  const tasks = rush.pipelines.reduce((sum, { tasks: own }) => sum + own.length, 0)
  out.line(
    `${out.paint('bold', plainText(rush.name))}: ${rush.pipelines.length} pipelines, ${tasks} tasks, ${durationText(answer.work)} of work`,
  )
  out.line()
  const { given, planned, fixed } = answer
  if (given !== null) out.line(verdict(out, 'as given', rush, given))
  if (planned !== null) out.line(verdict(out, 'cheapest', rush, planned))
  else out.line(`${out.paint('red', 'not in time')} with any number of workers up to ${rush.most} that was tried`)
  if (answer.hopeless.length > 0) out.line(`too long whatever the workers: ${listed(answer.hopeless)}`)
  printCosts(out, rush, answer)
  const shown = planned ?? given ?? fixed
  if (planned !== null) printChart(out, rush, planned)
  if (shown === null) return
  const late = shown.pipelines.filter(({ inTime }) => !inTime)
  if (late.length > 0) out.line(`\nlate: ${listed(late.map(({ pipeline }) => pipeline))}`)
  printWaits(out, shown)
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 8).map(plainText).join(', ')
  return ids.length <= 8 ? shown : `${shown} and ${ids.length - 8} more`
}

function verdict(out: Output, name: string, rush: Rush, { inTime, done, pipelines }: PlannedProfile): string {
  const state = inTime ? out.paint('green', 'in time') : out.paint('red', 'not in time')
  const late = pipelines.filter((one) => !one.inTime).length
  const ended = done === null ? 'some never end' : `done at ${rushClock(rush, done)} (${durationText(done)})`
  return `${name}  ${state}, ${ended}${late > 0 ? `, ${late} of ${pipelines.length} pipelines late` : ''}`
}

function printCosts(out: Output, rush: Rush, { given, planned, fixed, bound, proven }: RushAnswer): void {
  const ways = [
    ['as given', given],
    ['cheapest over time', planned],
    ['fixed all the window', fixed],
  ] as const
  const rows = ways.flatMap(([name, profile]) => {
    if (profile === null) return []
    const most = mostWorkers(profile)
    const { utilisation, price } = profile
    const used = utilisation === null ? '–' : `${Math.round(utilisation * 100)}%`
    const money = price === null ? [] : [moneyText(price, rush.price?.currency ?? '')]
    const hours = `${(profile.workerTime / 3_600_000_000).toFixed(2)} h`
    return [[name, String(most), used, hours, ...money, profile.band === 'within' ? '' : bandText(rush, profile)]]
  })
  out.line()
  const heads = ['', 'most workers', 'utilisation', 'worker time', ...(rush.price === null ? [] : ['cost']), '']
  const head = heads.map((cell) => out.paint('dim', cell))
  for (const line of table([head, ...rows], new Set([1, 2, 3, 4]))) out.line(line)
  const hours = `${(bound / 3_600_000_000).toFixed(2)} h`
  const note = proven ? 'nothing cheaper is in time and within the band' : `no way can take less than ${hours}`
  if (planned !== null) out.line(out.paint('dim', note))
}

function bandText({ band }: Rush, profile: PlannedProfile): string {
  const [low, high] = [band.low, band.high].map((share) => Math.round(share * 100))
  return profile.band === null ? '' : `${profile.band} the band of ${low} to ${high}%`
}

function printChart(out: Output, rush: Rush, { steps }: PlannedProfile): void {
  out.line()
  const rows = steps.map(({ at, hand, reserve }) => [
    rushClock(rush, at),
    String(hand + reserve),
    `${'█'.repeat(hand)}${'░'.repeat(reserve)}`,
  ])
  for (const line of table(rows, new Set([1]))) out.line(line)
  if (steps.some(({ reserve }) => reserve > 0)) out.line(out.paint('dim', '░ standing by, to stay within the band'))
}

const MOST_WAITS = 10

function printWaits(out: Output, { pipelines }: PlannedProfile): void {
  const longest = pipelines
    .filter((one) => one.waitedForWorkers + one.waitedForNeeds > 0)
    .sort((a, b) => b.waitedForWorkers + b.waitedForNeeds - a.waitedForWorkers - a.waitedForNeeds)
  if (longest.length === 0) return
  out.line()
  const head = ['longest waits', 'for pipelines', 'for a worker', ''].map((cell) => out.paint('dim', cell))
  const time = (waited: Micros) => (waited === 0 ? '' : durationText(waited))
  const rows = longest
    .slice(0, MOST_WAITS)
    .map(({ pipeline, waitedForWorkers, waitedForNeeds, waitedFor }) => [
      plainText(pipeline),
      time(waitedForNeeds),
      time(waitedForWorkers),
      waitedFor === null ? '' : `${waitedFor.as === 'need' ? 'needs' : 'worker of'} ${plainText(waitedFor.pipeline)}`,
    ])
  for (const line of table([head, ...rows], new Set([1, 2]))) out.line(line)
  if (longest.length > MOST_WAITS) out.line(`and ${longest.length - MOST_WAITS} more`)
}

/** What `dagwright plan --json` prints: times in seconds since the window's start. */
export function planJson(rush: Rush, answer: RushAnswer) {
  return {
    name: rush.name,
    pipelines: rush.pipelines.length,
    window: secondsOf(rush.window),
    start: rush.start,
    interval: secondsOf(rush.interval),
    band: rush.band,
    work: secondsOf(answer.work),
    inTime: answer.inTime,
    hopeless: answer.hopeless,
    bound: secondsOf(answer.bound),
    proven: answer.proven,
    given: profileJson(answer.given),
    planned: profileJson(answer.planned),
    fixed: profileJson(answer.fixed),
  }
}

function profileJson(profile: PlannedProfile | null) {
  if (profile === null) return null
  const seconds = (time: Micros | null) => (time === null ? null : secondsOf(time))
  const { tasks: _, ...facts } = profile
  return {
    ...facts,
    done: seconds(profile.done),
    workerTime: secondsOf(profile.workerTime),
    steps: profile.steps.map((step) => ({ ...step, at: secondsOf(step.at) })),
    pipelines: profile.pipelines.map((one) => ({
      ...one,
      release: secondsOf(one.release),
      start: seconds(one.start),
      end: seconds(one.end),
      deadline: secondsOf(one.deadline),
      waitedForWorkers: secondsOf(one.waitedForWorkers),
      waitedForNeeds: secondsOf(one.waitedForNeeds),
    })),
  }
}
