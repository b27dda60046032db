import { Handle, type NodeProps, Position } from '@xyflow/react'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { useAnalysis } from '../state/analysis.ts'
import { toggleCollapsed } from '../state/canvasView.ts'
import { useActivePath } from '../state/documents.ts'
import { useRunView } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { classes } from '../ui/classes.ts'
import { StateLabel } from '../ui/StateIcon.tsx'
import styles from './GroupFrame.module.css'
import type { GroupNode } from './nodes.ts'
import { groupLook } from './paint/groupLook.ts'
import { tinted } from './tint.ts'

export const GroupFrame = memo(function GroupFrame({ data }: NodeProps<GroupNode>) {
  const { group, tasks } = data
  const path = useActivePath()
  return (
    <section className={styles.frame} aria-label={`Group ${group.name}`}>
      <header className={styles.header} data-group-handle>
        <button
          type="button"
          className={`${styles.toggle} nodrag`}
          aria-label={`Collapse ${group.name}`}
          aria-expanded
          onClick={() => path && toggleCollapsed(path, group.id)}
        >
          <ChevronDown size={14} aria-hidden />
        </button>
        <span className={styles.name}>{group.name}</span>
        <span className={styles.count}>{tasks.length}</span>
      </header>
    </section>
  )
})

/** A collapsed group: one card with the worst state of its tasks and the work in them. */
export const GroupCard = memo(function GroupCard({
  data,
  selected,
  sourcePosition,
  targetPosition,
}: NodeProps<GroupNode>) {
  const { group, tasks } = data
  const path = useActivePath()
  const lens = useView((state) => state.lens)
  const run = useRunView()
  const plan = useAnalysis((analysis) => analysis.plan)
  const criticalTasks = useAnalysis((analysis) => analysis.criticalTasks)
  const { name, tint, state, work, warm } = groupLook(group, tasks, { lens, view: run, plan, criticalTasks })
  return (
    <section
      className={classes(styles.card, selected && styles.selected)}
      style={tinted(tint)}
      data-critical={warm || undefined}
      aria-label={`Group ${group.name}, collapsed`}
    >
      <Handle
        type="target"
        position={targetPosition ?? Position.Left}
        className={styles.handle ?? ''}
        isConnectable={false}
      />
      <div className={styles.first}>
        <button
          type="button"
          className={`${styles.toggle} nodrag`}
          aria-label={`Expand ${group.name}`}
          aria-expanded={false}
          onClick={() => path && toggleCollapsed(path, group.id)}
        >
          <ChevronRight size={14} aria-hidden />
        </button>
        <span className={styles.name}>{name}</span>
      </div>
      <div className={styles.second}>
        {state === null ? (
          <span>
            {tasks.length} {tasks.length === 1 ? 'task' : 'tasks'}
          </span>
        ) : (
          <StateLabel state={state} size={13} />
        )}
        <span className="tabular" title="Work of its tasks, added up">
          {work}
        </span>
      </div>
      <Handle
        type="source"
        position={sourcePosition ?? Position.Right}
        className={styles.handle ?? ''}
        isConnectable={false}
      />
    </section>
  )
})
