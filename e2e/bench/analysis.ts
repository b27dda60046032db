import { analyzeCriticalPath } from '../../shared/analysis/critical-path.ts'
import { simulate } from '../../shared/analysis/simulation.ts'
import { modelFromDurations } from '../../shared/analysis/simulation-model.ts'
import { buildGraph, type Edge } from '../../shared/graph/graph.ts'
import { decodeJournal, encode } from '../../shared/journal/codec.ts'
import type { JournalBody, JournalEvent } from '../../shared/journal/event.ts'
import { foldRun } from '../../shared/journal/fold.ts'
import { parseDocument } from '../../shared/model/document.ts'
import { compilePlan } from '../../shared/scheduler/plan.ts'
import { headerOf } from './run-header.ts'
import { layered, type Needs, pipelineOf } from './shapes.ts'

/**
 * The pure parts at full size, in milliseconds: the first time in a process, and the median of the repeats after it.
 *
 *   npm run bench:analysis -- [repeats]
 */
const repeats = Number(process.argv[2] ?? 7)

function measure(name: string, budget: number | null, work: () => unknown) {
  const times = Array.from({ length: repeats + 1 }, () => {
    const begin = performance.now()
    work()
    return performance.now() - begin
  })
  const [first = Number.NaN, ...later] = times
  later.sort((a, b) => a - b)
  return { name, budget, first, median: later[Math.floor(later.length / 2)] ?? first }
}

/** Whole milliseconds up to a second that look random and are the same every time. */
function durationOf(task: number): number {
  return ((task * 7919) % 1000) * 1000
}

function criticalPathOver(needs: Needs): () => unknown {
  const edges: Edge[] = needs.flatMap((own, task) => own.map((up): Edge => [up, task]))
  const durations = Float64Array.from(needs, (_, task) => durationOf(task))
  return () => analyzeCriticalPath(buildGraph(needs.length, edges), durations)
}

/** What a run of that many tasks one after the other leaves. */
function journalOf(tasks: number): string {
  const lives = Array.from({ length: tasks }, (_, number): JournalBody[] => {
    const one = { task: `t${number}`, index: null }
    const usage = { exitCode: 0, signal: null, peakMemory: 4_000_000, cpu: 1000 }
    const cause =
      number === 0
        ? ({ type: 'begin' } as const)
        : ({ type: 'dependency', task: `t${number - 1}`, index: null } as const)
    return [
      { type: 'starting', ...one, attempt: 1, readyAt: number * 1000, cause },
      { type: 'started', ...one, attempt: 1, pid: 1000 + number },
      { type: 'finished', ...one, attempt: 1, outcome: 'success', ...usage, outputs: { rows: number }, reason: null },
      { type: 'settled', ...one, state: 'success', origin: 'executed', reason: null },
    ]
  })
  const bodies: JournalBody[] = [
    headerOf(tasks, durationOf),
    ...lives.flat(),
    { type: 'ended', state: 'success', reason: null },
  ]
  return bodies.map((body, n) => encode({ n, t: n * 250, ...body } as JournalEvent)).join('')
}

function simulation(needs: Needs): () => unknown {
  const { pipeline } = parseDocument(pipelineOf(needs, 8))
  if (pipeline === null) throw new Error('The benchmark wrote a pipeline that cannot be read.')
  const compiled = compilePlan(pipeline, { slots: 8, pools: new Map(), basis: (id) => durationOf(Number(id.slice(1))) })
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message)
  const plan = compiled.value
  return () =>
    simulate(
      plan,
      modelFromDurations(plan, (id) => durationOf(Number(id.slice(1)))),
    )
}

const text = pipelineOf(layered(20, 50), 8)
const journal = journalOf(10_000)
const results = [
  measure('critical path with float and drag, 10,000 tasks', 50, criticalPathOver(layered(100, 100))),
  measure('critical path with float and drag, 100,000 tasks', null, criticalPathOver(layered(250, 400))),
  measure('simulation, 1,000 tasks on 8 slots', null, simulation(layered(20, 50))),
  measure('parse and check a file of 1,000 tasks', null, () => parseDocument(text)),
  measure('decode a journal of 10,000 tasks', null, () => decodeJournal(journal)),
  measure('decode and fold a journal of 10,000 tasks', 150, () => foldRun(decodeJournal(journal).events)),
]
console.table(
  results.map(({ name, budget, first, median }) => ({
    what: name,
    'first ms': first.toFixed(1),
    'median ms': median.toFixed(1),
    'budget ms': budget ?? '–',
  })),
)
console.log(JSON.stringify({ repeats, results }))
