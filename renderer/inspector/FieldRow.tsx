import { Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Problem } from '#shared/model/problem.ts'
import { classes } from '../ui/classes.ts'
import { Message } from '../ui/Message.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import styles from './fields.module.css'

export interface FieldRowProps {
  readonly label: string
  /** The control's id; absent where it is a group of controls. */
  readonly id?: string
  /** What the field does, for the label's tooltip. */
  readonly hint?: string | undefined
  /** Shown under the control. */
  readonly help?: ReactNode
  /** Set in the file: shown by its weight, and resettable. */
  readonly isSet: boolean
  readonly onReset?: (() => void) | undefined
  readonly problem?: Problem | undefined
  /** The label above, the control over the whole width. */
  readonly wide?: boolean
  /** Beside the label of a wide row. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** Label, control, and a way back to the default, aligned in every form. */
export function FieldRow(props: FieldRowProps) {
  const { label, id, hint, help, isSet, onReset, problem, wide = false, action, children } = props
  return (
    <div className={classes(styles.row, wide && styles.wide)}>
      <span className={styles.name}>
        <label className={classes(styles.label, isSet && styles.set)} htmlFor={id} title={hint}>
          {label}
        </label>
        {isSet && onReset && (
          <Tooltip label={`Take out ${label.toLowerCase()}: back to the default`}>
            <button
              type="button"
              className={styles.reset}
              aria-label={`Reset ${label.toLowerCase()}`}
              onClick={onReset}
            >
              <Undo2 size={12} aria-hidden />
            </button>
          </Tooltip>
        )}
        {action && <span className={styles.action}>{action}</span>}
      </span>
      <div className={styles.control}>{children}</div>
      {problem && (
        <span className={classes(styles.problem, styles[problem.severity])} role="alert">
          <Message text={problem.hint ? `${problem.message} ${problem.hint}` : problem.message} />
        </span>
      )}
      {help && <span className={styles.help}>{help}</span>}
    </div>
  )
}
