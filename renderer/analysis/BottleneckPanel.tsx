import { ChevronRight } from 'lucide-react'
import { Fragment, useMemo } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { RealizedPath } from '#shared/analysis/realized-path.ts'
import type { RunSource } from '#shared/analysis/simulation-source.ts'
import { waitsOf } from '#shared/analysis/waits.ts'
import type { Bottleneck } from '#shared/analysis/what-if.ts'
import { WhereTimeWent } from '../runs/WhereTimeWent.tsx'
import { useAnalysis } from '../state/analysis.ts'
import { usePipeline } from '../state/documents.ts'
import { useRuns } from '../state/runs.ts'
import { selectTask, useSelection } from '../state/selection.ts'
import { useWorkspace } from '../state/workspace.ts'
import { BasisSelect } from './BasisSelect.tsx'
import styles from './BottleneckPanel.module.css'
import type { PlanInput } from './bottleneck-input.ts'
import { bottleneckSentence, sourceText } from './bottleneck-text.ts'
import { FloatTable } from './FloatTable.tsx'
import { PathSwitch } from './PathSwitch.tsx'
import { useBottlenecks } from './use-bottlenecks.ts'

/** What decides how long a run takes: of the chosen run, or of the plan. */
export function BottleneckPanel() {
  const pipeline = usePipeline()
  const plan = useAnalysis((state) => state.plan)
  const basis = useAnalysis((state) => state.basis)
  const realized = useAnalysis((state) => (state.chain === null ? null : state.realized))
  const input = useInput()
  const answer = useBottlenecks(input)
  if (pipeline === null) return null
  if (plan === null) {
    return (
      <p className={styles.nothing}>
        There is no critical path while the pipeline has a cycle. The Problems panel names it.
      </p>
    )
  }
  if (pipeline.tasks.length === 0)
    return <p className={styles.nothing}>Add tasks to see what decides how long a run takes.</p>
  const run = basis === 'run'
  return (
    <aside className={styles.panel} aria-label="Critical path">
      <div className={styles.facts}>
        <div className={styles.head}>
          <dl className={styles.numbers}>
            <div className={styles.path} title={`${exactDurationText(plan.makespan)}, with unlimited slots`}>
              <dt>With unlimited slots</dt>
              <dd>{durationText(plan.makespan)}</dd>
            </div>
            {answer?.ok && (
              <div title={`${exactDurationText(answer.makespan)}, simulated at ${answer.slots} slots`}>
                <dt>
                  {run ? 'This run' : 'A run'} at {answer.slots} {answer.slots === 1 ? 'slot' : 'slots'}
                </dt>
                <dd>{durationText(answer.makespan)}</dd>
              </div>
            )}
          </dl>
          <div className={styles.choices}>
            <PathSwitch />
            <BasisSelect />
          </div>
        </div>
        {realized === null ? (
          <>
            <Chain />
            <Source />
          </>
        ) : (
          <Realized path={realized} />
        )}
        <FloatTable plan={plan} />
      </div>
      <section className={styles.answers}>
        <h2 className={styles.title}>What would help most</h2>
        {answer === null && <p className={styles.quiet}>Simulating…</p>}
        {answer?.ok === false && (
          <p className={styles.quiet} role="alert">
            {answer.problems[0]?.message} {answer.problems[0]?.hint}
          </p>
        )}
        {answer?.ok && <Sentences found={answer.found} of={run ? 'run' : 'plan'} />}
      </section>
    </aside>
  )
}

/** What the simulator is asked: a new object only when the question is another. */
function useInput(): RunSource | PlanInput | null {
  const pipeline = usePipeline()
  const basis = useAnalysis((state) => state.basis)
  const typical = useAnalysis((state) => state.typical)
  const spec = useRuns((state) => state.spec)
  const events = useRuns((state) => state.events)
  const shared = useWorkspace((state) => state.info?.pools)
  const cpus = useWorkspace((state) => state.app?.cpus ?? 1)
  return useMemo(() => {
    if (basis === 'run' && spec !== null) return { type: 'run', spec, events }
    if (pipeline === null || typical.size === 0) return null
    return {
      type: 'plan',
      pipeline,
      slots: pipeline.concurrency ?? cpus,
      pools: new Map([...Object.entries(shared ?? {}), ...pipeline.pools]),
      durations: new Map([...typical].map(([id, { value }]) => [id, value])),
    }
  }, [pipeline, basis, typical, spec, events, shared, cpus])
}

/** What led to the end of the chosen run. */
function Realized({ path }: { readonly path: RealizedPath }) {
  const view = useRuns((state) => state.whole)
  const waits = useMemo(() => (view === null ? [] : waitsOf(view)), [view])
  return <WhereTimeWent path={path} waits={waits} />
}

function Chain() {
  const plan = useAnalysis((state) => state.plan)
  const selected = useSelection((state) => state.tasks)
  if (plan === null) return null
  return (
    <nav className={styles.chain} aria-label="The critical path, first task to last">
      {plan.criticalPath.map((id, index) => (
        <Fragment key={id}>
          {index > 0 && <ChevronRight size={12} className={styles.arrow} aria-hidden />}
          <button type="button" className={styles.chip} aria-pressed={selected.has(id)} onClick={() => selectTask(id)}>
            <span className={styles.chipName}>{id}</span>
            <span className={styles.time} title={exactDurationText(plan.tasks[id]?.duration ?? 0)}>
              {durationText(plan.tasks[id]?.duration ?? 0)}
            </span>
          </button>
        </Fragment>
      ))}
    </nav>
  )
}

function Sentences({ found, of }: { readonly found: readonly Bottleneck[]; readonly of: 'run' | 'plan' }) {
  return (
    <div className={styles.sentences}>
      {found.map((bottleneck) => {
        const { before, name, after } = bottleneckSentence(bottleneck, of)
        return (
          <button
            key={bottleneck.task}
            type="button"
            className={styles.sentence}
            title={`${exactDurationText(bottleneck.before)} with it, ${exactDurationText(bottleneck.after)} without`}
            onClick={() => selectTask(bottleneck.task)}
          >
            {before}
            <span className={styles.name}>{name}</span>
            {after}
          </button>
        )
      })}
    </div>
  )
}

function Source() {
  const basis = useAnalysis((state) => state.basis)
  const typical = useAnalysis((state) => state.typical)
  const more = useAnalysis(({ criticalTasks, plan }) => criticalTasks.size > (plan?.criticalPath.length ?? 0))
  const ties = more ? 'Other paths are as long: their tasks are critical, too.' : ''
  const text = [ties, basis === 'run' ? '' : sourceText(typical)].filter((part) => part !== '').join(' ')
  return text === '' ? null : <p className={styles.quiet}>{text}</p>
}
