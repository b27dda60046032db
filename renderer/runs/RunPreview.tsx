import { ChevronRight } from 'lucide-react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { PlannedTask, RunPlan } from '#shared/contract/run-plan.ts'
import { planRun, type StartOptions } from '../state/runs.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { Message } from '../ui/Message.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { CallFailed } from './CallFailed.tsx'
import styles from './RunPreview.module.css'
import { useCall } from './use-call.ts'

/** What a run with these options would do: nothing is started by looking. */
export function RunPreview({ options }: { readonly options: StartOptions }) {
  const plan = useCall(JSON.stringify(options), (signal) => planRun(options, signal))
  if (plan.status === 'failed') return <CallFailed error={plan.error} retry={plan.retry} />
  if (plan.value === null) return <Spinner label="Working out the plan" />
  return <Plan plan={plan.value} />
}

function Plan({ plan }: { readonly plan: RunPlan }) {
  const running = plan.tasks.filter(({ does }) => does === 'run').length
  const pools = Object.entries(plan.pools).map(([name, size]) => `${size} in pool ${name}`)
  return (
    <section aria-label="Preview of the run">
      <p>
        {running} of {plan.tasks.length} tasks would run, in about {durationText(plan.makespan)} at {plan.slots}{' '}
        {plan.slots === 1 ? 'slot' : 'slots'}
        {pools.length > 0 && ` (${pools.join(', ')})`}. Nothing is run by this preview.
      </p>
      <p className={styles.quiet}>
        Logical date {momentText(plan.logicalDate)}, interval {momentText(plan.dataInterval.start)} to{' '}
        {momentText(plan.dataInterval.end)} (UTC).
      </p>
      <ol className={styles.tasks}>
        {plan.tasks.map((task) => (
          <li key={task.task}>
            <Planned task={task} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Planned({ task }: { readonly task: PlannedTask }) {
  const details = detailsOf(task)
  const code = task.does === 'run' ? task.code : null
  const variables = Object.entries(code?.env ?? {}).map(([name, value]) => `${name}=${value}\n`)
  return (
    <details className={styles.task} data-does={task.does}>
      <summary className={styles.summary}>
        <ChevronRight className={styles.chevron} size={14} aria-hidden />
        <KindIcon kind={task.kind} size={14} />
        <code className={styles.name}>{task.task}</code>
        <span className={styles.fate}>
          <Message text={fateText(task)} />
        </span>
        {task.does === 'run' && (
          <>
            <span className={styles.number}>{startText(task)}</span>
            <span className={styles.number}>about {durationText(task.expected)}</span>
          </>
        )}
      </summary>
      {task.problem !== null && (
        <p className={styles.problem} role="alert">
          <Message text={task.problem} />
        </p>
      )}
      {details.length > 0 && (
        <ul className={styles.details}>
          {details.map((detail) => (
            <li key={detail}>
              <Message text={detail} />
            </li>
          ))}
        </ul>
      )}
      {code !== null && (
        <pre className={styles.code}>
          {variables.join('')}
          {code.code}
        </pre>
      )}
      {code === null && details.length === 0 && <p className={styles.quiet}>There is nothing more to say of it.</p>}
    </details>
  )
}

function fateText({ does, why, cache, mapped, instances }: PlannedTask): string {
  if (does === 'pin') return 'takes the outputs of its pin'
  if (does === 'reuse') return 'keeps its success of the earlier run'
  if (does === 'skip') return `skipped: ${why ?? ''}`
  const times = !mapped ? null : instances === null ? 'for every item of a list the run makes' : `${instances} times`
  return [times, cache ? 'unless the cache has it' : null].filter((part) => part !== null).join(', ')
}

function startText({ start }: PlannedTask): string {
  return start === null ? '' : start === 0 ? 'at once' : `after ${durationText(start)}`
}

/** "2026-11-21 05:00:00", of an ISO time stamp in UTC; what is less than a second only where there is any. */
function momentText(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.000)?Z$/, '')
}

function detailsOf(task: PlannedTask): readonly string[] {
  if (task.does !== 'run') return []
  const waits = task.waitsFor.map(({ task: id, when }) => `\`${id}\`${when === null ? '' : ` if \`${when}\``}`)
  return [
    waits.length === 0 ? null : `Waits for ${waits.join(', ')}`,
    task.triggerRule === 'all_success' ? null : `Rule \`${task.triggerRule}\``,
    task.when === null ? null : `Only if \`${task.when}\``,
    task.pool === null ? null : `Takes ${task.pool.slots} of pool \`${task.pool.name}\``,
    task.retries === 0 ? null : `Up to ${task.retries} ${task.retries === 1 ? 'retry' : 'retries'}`,
    task.timeout === null ? null : `May take ${durationText(task.timeout)}`,
    task.environment.length === 0 ? null : `Variables ${task.environment.map((name) => `\`${name}\``).join(', ')}`,
    task.secrets.length === 0 ? null : `Secrets ${task.secrets.map((name) => `\`${name}\``).join(', ')}`,
  ].filter((detail) => detail !== null)
}
