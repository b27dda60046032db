import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { Loss } from '#shared/formats/format.ts'
import { selectOnly } from '../state/selection.ts'
import { closeDialog } from '../state/view.ts'
import { Message } from '../ui/Message.tsx'
import styles from './ExportDialog.module.css'
import { lossCount } from './targets.ts'

/** What the target cannot express, where it stands, and what was written instead. */
export function LossReport({ losses }: { readonly losses: readonly Loss[] }) {
  const [open, setOpen] = useState(true)
  if (losses.length === 0) {
    return (
      <div className={styles.losses}>
        <div className={styles.lossHead}>
          <CircleCheck size={14} className={styles.none} aria-hidden />
          Nothing is lost
        </div>
      </div>
    )
  }
  const count = lossCount(losses)
  return (
    <section className={styles.losses} aria-label="What is lost">
      <button type="button" className={styles.lossHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={styles.badge}>{count}</span>
        {count === 1 ? 'thing' : 'things'} the target cannot express
      </button>
      {open &&
        losses.map((loss) => (
          <div key={`${loss.where.field} ${loss.feature} ${loss.message}`} className={styles.loss}>
            <span>
              <strong>{loss.feature}</strong>
              <span className={styles.where}>
                <br />
                {loss.where.field}
              </span>
            </span>
            <span>
              <Message text={loss.message} />
              <br />
              <span className={styles.instead}>
                Instead: <Message text={loss.instead} />
              </span>
              {loss.where.tasks.length > 0 && (
                <>
                  <br />
                  <button type="button" className={styles.where} onClick={() => showTasks(loss.where.tasks)}>
                    {tasksText(loss.where.tasks)}
                  </button>
                </>
              )}
            </span>
          </div>
        ))}
    </section>
  )
}

function showTasks(tasks: readonly string[]): void {
  closeDialog()
  selectOnly('tasks', tasks)
}

const NAMED = 6

function tasksText(tasks: readonly string[]): string {
  const rest = tasks.length - NAMED
  return rest > 0 ? `${tasks.slice(0, NAMED).join(', ')} and ${rest} more` : tasks.join(', ')
}
