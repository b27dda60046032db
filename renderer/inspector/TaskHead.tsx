import type { Task } from '#shared/model/pipeline.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import styles from './Inspector.module.css'

/** What the form below is about. */
export function TaskHead({ task }: { readonly task: Task }) {
  return (
    <header className={styles.head}>
      <span className={styles.kind}>
        <KindIcon kind={task.kind} size={18} />
      </span>
      <h2 className={styles.title} title={task.name}>
        {task.name}
      </h2>
    </header>
  )
}
