import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { Loss } from '#shared/formats/format.ts'
import { selectOnly } from '../state/selection.ts'
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
              {loss.message}
              <br />
              <span className={styles.instead}>Instead: {loss.instead}</span>
              {loss.where.tasks.length > 0 && (
                <>
                  <br />
                  <button type="button" className={styles.where} onClick={() => selectOnly('tasks', loss.where.tasks)}>
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

const NAMED = 6

function tasksText(tasks: readonly string[]): string {
  const rest = tasks.length - NAMED
  return rest > 0 ? `${tasks.slice(0, NAMED).join(', ')} and ${rest} more` : tasks.join(', ')
}
