import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import { type Pipeline, TASK_KINDS } from '#shared/model/pipeline.ts'
import { whenText } from '../runs/run-text.ts'
import { useActivePath, useProblems } from '../state/documents.ts'
import { chooseRun, useRuns } from '../state/runs.ts'
import { setLens, showBottom, showInspector, showSide } from '../state/view.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import { Markdown } from '../ui/Markdown.tsx'
import { StateLabel } from '../ui/StateIcon.tsx'
import styles from './PipelineSummary.module.css'

/** What the pipeline is and how it is, for as long as nothing in it is selected. */
export function PipelineSummary({ pipeline }: { readonly pipeline: Pipeline }) {
  const path = useActivePath()
  const last = useRuns(
    (state) => state.summaries.find((run) => run.pipeline === pipeline.id || run.file === path) ?? null,
  )
  return (
    <div className={styles.summary}>
      <header className={styles.head}>
        <h2 className={styles.name}>{pipeline.name}</h2>
        {path !== null && <p className={styles.file}>{path}</p>}
      </header>
      {pipeline.description.trim() !== '' && (
        <div className={styles.description}>
          <Markdown text={pipeline.description} />
        </div>
      )}
      <Kinds pipeline={pipeline} />
      <dl className={styles.facts}>
        <dt>Last run</dt>
        <dd>{last === null ? 'None yet' : <LastRun run={last} />}</dd>
        <dt>Schedule</dt>
        <dd>
          <button type="button" className={styles.link} onClick={() => showInspector('pipeline')}>
            {pipeline.schedule === null ? (
              'None'
            ) : (
              <>
                <code>{pipeline.schedule.cron}</code>
                <span className={styles.quiet}>{pipeline.schedule.timezone}</span>
              </>
            )}
          </button>
        </dd>
        <dt>Problems</dt>
        <dd>
          <ProblemCount />
        </dd>
        {pipeline.owner !== '' && (
          <>
            <dt>Owner</dt>
            <dd className={styles.text}>{pipeline.owner}</dd>
          </>
        )}
      </dl>
      <p className={styles.hint}>Select a task on the canvas to see and change it here.</p>
    </div>
  )
}

function Kinds({ pipeline }: { readonly pipeline: Pipeline }) {
  const { tasks } = pipeline
  const counts = TASK_KINDS.map((kind) => ({ kind, count: tasks.filter((task) => task.kind === kind).length }))
  return (
    <section className={styles.kinds} aria-label="Tasks by kind">
      <button type="button" className={styles.total} onClick={() => showSide('outline')}>
        {tasks.length.toLocaleString('en')} {tasks.length === 1 ? 'task' : 'tasks'}
      </button>
      <ul className={styles.list}>
        {counts
          .filter(({ count }) => count > 0)
          .map(({ kind, count }) => (
            <li key={kind} className={styles.kind}>
              <KindIcon kind={kind} size={15} />
              <span>{KIND_STYLES[kind].label}</span>
              <span className={styles.count}>{count.toLocaleString('en')}</span>
            </li>
          ))}
      </ul>
    </section>
  )
}

function LastRun({ run }: { readonly run: RunSummary }) {
  const choose = () => {
    setLens('state')
    void chooseRun(run.run)
  }
  return (
    <button type="button" className={styles.link} title="Show this run on the canvas" onClick={choose}>
      <StateLabel state={run.state} />
      {run.makespan !== null && (
        <span className="tabular" title={exactDurationText(run.makespan)}>
          {durationText(run.makespan)}
        </span>
      )}
      <span className={styles.quiet}>{whenText(run.startedAt, Date.now())}</span>
    </button>
  )
}

function ProblemCount() {
  const count = useProblems().filter(({ severity }) => severity !== 'info').length
  return (
    <button type="button" className={styles.link} onClick={() => showBottom('problems')}>
      {count === 0 ? 'None' : `${count} ${count === 1 ? 'problem' : 'problems'}`}
    </button>
  )
}
