import type { Origin, SuccessSource } from '#shared/journal/event.ts'
import type { TaskView } from '#shared/journal/run-view.ts'
import { useCall } from '../runs/use-call.ts'
import { api } from '../state/client.ts'
import { useRuns, useTaskRun } from '../state/runs.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { Spinner } from '../ui/Progress.tsx'
import styles from './PinSection.module.css'
import { Section } from './Section.tsx'

/**
 * The task's code with the values it had in the chosen run; of a mapped task the first instance that ran. Where nothing
 * of it ran: what stood for it, and the code that the run it was taken from executed.
 */
export function CodeAsRan({ task }: { readonly task: string }) {
  const view = useTaskRun(task)
  const run = useRuns((state) => state.chosen)
  if (view === null || run === null) return null
  const index = ranIndex(view)
  if (index !== undefined) return <Ran key={`${run} ${task}`} run={run} task={task} index={index} />
  const taken = view.instances.find(({ source }) => source !== null)
  if (taken?.source == null) return null
  return <Taken key={`${run} ${task}`} task={task} index={taken.index} origin={taken.origin} source={taken.source} />
}

interface TakenProps {
  readonly task: string
  readonly index: number | null
  readonly origin: Origin | null
  readonly source: SuccessSource
}

function Taken({ task, index, origin, source }: TakenProps) {
  const { run, key } = source
  const known = useRuns((state) => run !== null && state.summaries.some((summary) => summary.run === run))
  const what = origin === 'cached' ? 'Its result came from the cache' : `Its result was ${origin}`
  const from = run === null ? ', written by hand' : `, made by run ${run}`
  return (
    <Section name="codeAsRan" title="Code as it ran" note={origin ?? ''} open={false}>
      <p className={styles.quiet}>
        It did not run. {what}
        {from}.
        {key !== undefined && (
          <>
            {' '}
            Key <code>{key.slice(0, KEY_SHOWN)}</code>: the hash of its code, values and inputs.
          </>
        )}
      </p>
      {run !== null && (known ? <Code run={run} task={task} index={index} /> : <Gone />)}
    </Section>
  )
}

function Gone() {
  return <p className={styles.quiet}>That run is not kept any more, so its code can't be shown.</p>
}

/** Digits of a key that tell it from the others. */
const KEY_SHOWN = 8

/** undefined: nothing of it has run. */
function ranIndex({ instances }: TaskView): number | null | undefined {
  return instances.find(({ attempts }) => attempts.length > 0)?.index
}

interface RanProps {
  readonly run: string
  readonly task: string
  readonly index: number | null
}

function Ran({ run, task, index }: RanProps) {
  return (
    <Section name="codeAsRan" title="Code as it ran" note={index === null ? '' : `instance ${index}`} open={false}>
      <Code run={run} task={task} index={index} />
    </Section>
  )
}

function Code({ run, task, index }: RanProps) {
  const code = useCall(`${run} ${task} ${index}`, (signal) =>
    api().runs.code({ workspace: workspaceRoot(), run, task, index }, { signal }),
  )
  if (code.status === 'failed') return <p className={styles.quiet}>{code.error.message}</p>
  if (code.value === null) return <Spinner label="Reading the code" />
  const variables = Object.entries(code.value.env)
  if (code.value.code === '') return <p className={styles.quiet}>This kind of task has no code.</p>
  return (
    <>
      {variables.length > 0 && (
        <textarea
          className={styles.area}
          readOnly
          aria-label={`Values in the code of ${task}`}
          value={variables.map(([name, value]) => `${name}=${value}`).join('\n')}
        />
      )}
      <textarea className={styles.area} readOnly aria-label={`Code of ${task} as it ran`} value={code.value.code} />
    </>
  )
}
