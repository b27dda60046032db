import { Undo2 } from 'lucide-react'
import type { PipelineDocument } from '#shared/model/document.ts'
import type { Task } from '#shared/model/pipeline.ts'
import { bringBack } from '../canvas/actions.ts'
import { removedTask, useVersions } from '../state/versions.ts'
import { useView } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import styles from './Inspector.module.css'
import { ScopeProvider, taskScope } from './scope.ts'
import { TaskForm } from './TaskForm.tsx'
import { TaskHead } from './TaskHead.tsx'

interface Removed {
  readonly task: Task
  readonly earlier: PipelineDocument
}

/** The selected task where the diff lens draws it though it is gone; else null. */
export function useRemovedTask(id: string | null): Removed | null {
  const earlier = useVersions((state) => state.found?.earlier)
  useView((state) => state.lens)
  const task = removedTask(id)
  return task && earlier ? { task, earlier } : null
}

interface RemovedTaskProps extends Removed {
  readonly readOnly: boolean
}

/** What a removed task was, and the way back. */
export function RemovedTask({ task, earlier, readOnly }: RemovedTaskProps) {
  return (
    <ScopeProvider key={task.id} value={taskScope(earlier, task.id, true)}>
      <TaskHead task={task} />
      <div className={styles.removed}>
        <p>This task was removed.</p>
        <Button size="small" icon={Undo2} disabled={readOnly} onClick={() => bringBack(task.id)}>
          Bring back
        </Button>
      </div>
      {earlier.pipeline && <TaskForm task={task} pipeline={earlier.pipeline} />}
    </ScopeProvider>
  )
}
