import type { ExpectedDuration } from '#shared/analysis/basis.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import { NEAR_CRITICAL_SHARE, nearCriticalTasks } from '#shared/analysis/near-critical.ts'
import type { PathSegment, RealizedPath } from '#shared/analysis/realized-path.ts'
import { analysisInSeconds, type PipelineAnalysis } from '#shared/analysis/summary.ts'
import type { TaskWait } from '#shared/analysis/waits.ts'
import type { ImportedRun } from '#shared/formats/format.ts'
import { type Cause, instanceLabel } from '#shared/journal/event.ts'
import { microsOf, secondsOf } from '#shared/model/time.ts'
import type { Terminal } from './command.ts'
import { plainText, table } from './terminal.ts'

export interface Analyzed {
  readonly analysis: PipelineAnalysis
  readonly durations: ReadonlyMap<string, ExpectedDuration>
  /** What another system recorded of the pipeline. */
  readonly imported: ImportedRun | null
  /** Of a run. */
  readonly realized: Realized | null
}

export interface Realized {
  /** null where no instance has ended. */
  readonly path: RealizedPath | null
  readonly waits: readonly TaskWait[]
}

/** Every time in seconds. `imported` and `realized` are there only where there is something of the kind. */
export function analysisJson({ analysis, imported, realized }: Analyzed) {
  return {
    ...analysisInSeconds(analysis),
    nearCritical: nearCriticalTasks(analysis),
    ...(imported && { imported: importedJson(imported) }),
    ...(realized && {
      realized: {
        path: realized.path && pathJson(realized.path),
        waits: realized.waits.map((wait) => ({ ...wait, waited: secondsOf(wait.waited) })),
      },
    }),
  }
}

function importedJson({ source, recordedAt, makespan }: ImportedRun) {
  return { source, recordedAt, makespan: makespan === null ? null : secondsOf(makespan) }
}

function pathJson({ makespan, segments, links }: RealizedPath) {
  return {
    makespan: secondsOf(makespan),
    segments: segments.map((one) => ({ ...one, from: secondsOf(one.from), to: secondsOf(one.to) })),
    links: links.map((one) => ({ ...one, waited: secondsOf(one.waited) })),
  }
}

export function printAnalysis(io: Terminal, analyzed: Analyzed): void {
  printPlan(io, analyzed)
  if (analyzed.realized) printRealized(io, analyzed.realized)
}

/** Guessed durations are marked as such. */
function printPlan(io: Terminal, { analysis, durations, imported }: Analyzed): void {
  const { out } = io
  const near = new Set(nearCriticalTasks(analysis))
  const rows = Object.entries(analysisInSeconds(analysis).tasks).map(([id, task]) => {
    const text = (seconds: number) => durationText(microsOf(seconds))
    const guess = durations.get(id)?.source === 'default' && task.duration > 0 ? '~' : ''
    const cells = [
      plainText(id),
      guess + text(task.duration),
      text(task.earliestStart),
      text(task.totalFloat),
      text(task.drag),
      task.critical ? 'critical' : near.has(id) ? 'near-critical' : '',
    ]
    return task.critical ? cells.map((cell) => out.paint('bold', cell)) : cells
  })
  const head = ['task', 'duration', 'starts at', 'float', 'drag', ''].map((cell) => out.paint('dim', cell))
  for (const line of table([head, ...rows], new Set([1, 2, 3, 4]))) out.line(line)
  out.line()
  if (rows.some((cells) => cells[1]?.includes('~'))) {
    out.line('~ a guess: such a task has neither an estimate nor a successful run')
  }
  out.line(`makespan       ${durationText(analysis.makespan)} with unlimited slots`)
  if (imported?.makespan) {
    const at = imported.recordedAt === null ? '' : `, ${plainText(imported.recordedAt)}`
    out.line(`recorded       ${durationText(imported.makespan)} by another system (${imported.source}${at})`)
  }
  out.line(`critical path  ${analysis.criticalPath.map(plainText).join(' → ')}`)
  if (near.size > 0) {
    const share = `${NEAR_CRITICAL_SHARE * 100}% of the makespan`
    out.line(`near-critical  ${[...near].map(plainText).join(', ')} (float of at most ${share})`)
  }
}

const KINDS: Readonly<Record<PathSegment['kind'], string>> = {
  work: 'work',
  retry: 'retry delays',
  overhead: 'overhead',
  interrupted: 'interrupted',
}

function printRealized(io: Terminal, { path, waits }: Realized): void {
  const { out } = io
  out.line()
  if (path === null) {
    out.line('No task of this run has ended, so nothing led to its end.')
    return
  }
  const sums = Object.entries(KINDS).flatMap(([kind, name]) => {
    const sum = path.segments.reduce((total, one) => total + (one.kind === kind ? one.to - one.from : 0), 0)
    return sum === 0 ? [] : [`${durationText(sum)} ${name}`]
  })
  out.line(`The run took ${durationText(path.makespan)}: ${sums.join(' + ')}. What led to its end:`)
  const causes = Map.groupBy(path.links, placeOf)
  const rows = path.segments.map((one, index) => {
    const label = plainText(placeOf(one))
    const starts = one.kind === 'work' && path.segments[index - 1]?.kind !== 'interrupted'
    const because = starts ? causeText(causes.get(placeOf(one))?.shift()?.cause ?? null) : ''
    const what = one.kind === 'work' && one.outcome !== 'success' ? `${KINDS.work} (${one.outcome})` : KINDS[one.kind]
    return [durationText(one.from), durationText(one.to - one.from), what, label, because]
  })
  const head = ['from', 'took', '', 'task', 'started when'].map((cell) => out.paint('dim', cell))
  for (const line of table([head, ...rows], new Set([0, 1]))) out.line(line)
  if (waits.length === 0) return
  out.line()
  out.line('Waited while ready (not part of the sum above):')
  const waited = waits.map((wait) => [plainText(wait.task), durationText(wait.waited), waitText(wait)])
  for (const line of table(waited, new Set([1]))) out.line(line)
}

function placeOf({ task, index }: { readonly task: string; readonly index: number | null }): string {
  return instanceLabel(task, index)
}

function waitText({ for: kind, pool }: TaskWait): string {
  if (kind === 'slot') return 'for a slot'
  return kind === 'pool' ? `for the pool ${plainText(pool ?? '')}` : 'for a place of its own (maxParallel)'
}

function causeText(cause: Cause | null): string {
  if (cause === null) return ''
  const by = 'task' in cause && cause.task !== null ? plainText(instanceLabel(cause.task, cause.index)) : 'another run'
  switch (cause.type) {
    case 'begin':
      return 'the run began'
    case 'dependency':
      return `${by} ended`
    case 'retry':
      return 'the retry delay was over'
    case 'resume':
      return 'the run was resumed'
    case 'marked':
      return 'a person cleared it'
    case 'maxParallel':
      return `${by} made room (maxParallel)`
    case 'pool':
      return `${by} left the pool ${plainText(cause.pool)}`
    case 'slot':
      return `${by} left a slot`
  }
}
