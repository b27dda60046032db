import type { TaskView } from '#shared/journal/run-view.ts'
import { useCall } from '../runs/use-call.ts'
import { api } from '../state/client.ts'
import { useRuns, useTaskRun } from '../state/runs.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { Spinner } from '../ui/Progress.tsx'
import styles from './PinSection.module.css'
import { Section } from './Section.tsx'

/** The task's code with the values it had in the chosen run; of a mapped task the first instance that ran. */
export function CodeAsRan({ task }: { readonly task: string }) {
  const view = useTaskRun(task)
  const run = useRuns((state) => state.chosen)
  const index = view === null ? undefined : ranIndex(view)
  if (view === null || run === null || index === undefined) return null
  return <Ran key={`${run} ${task}`} run={run} task={task} index={index} />
}

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
