import { Handle, type NodeProps, Position } from '@xyflow/react'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { InstanceState } from '#shared/journal/event.ts'
import { useAnalysis } from '../state/analysis.ts'
import { toggleCollapsed } from '../state/canvasView.ts'
import { useActivePath } from '../state/documents.ts'
import { useRuns } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { classes } from '../ui/classes.ts'
import { StateLabel } from '../ui/StateIcon.tsx'
import { middleEllipsis } from './cardText.ts'
import styles from './GroupFrame.module.css'
import type { GroupNode } from './nodes.ts'
import { groupColor, tinted } from './tint.ts'

export const GroupFrame = memo(function GroupFrame({ data, selected }: NodeProps<GroupNode>) {
  const { group, tasks } = data
  const path = useActivePath()
  return (
    <section
      className={classes(styles.frame, selected && styles.selected)}
      style={tinted(groupColor(group.color, group.id))}
      aria-label={`Group ${group.name}`}
    >
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
  const state = useRuns((runs) =>
    runs.version < 0 ? null : worstState(tasks.map((id) => runs.view?.tasks.get(id)?.state)),
  )
  const work = useAnalysis((analysis) => tasks.reduce((sum, id) => sum + (analysis.plan?.tasks[id]?.duration ?? 0), 0))
  const critical = useAnalysis((analysis) => tasks.some((id) => analysis.criticalTasks.has(id)))
  return (
    <section
      className={classes(styles.card, selected && styles.selected)}
      style={tinted(groupColor(group.color, group.id))}
      data-critical={critical || undefined}
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
        <span className={styles.name}>{middleEllipsis(group.name)}</span>
      </div>
      <div className={styles.second}>
        {lens === 'design' || !state ? (
          <span>
            {tasks.length} {tasks.length === 1 ? 'task' : 'tasks'}
          </span>
        ) : (
          <StateLabel state={state} size={13} />
        )}
        <span className="tabular" title="Work of its tasks, added up">
          {durationText(work)}
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

const WORST_FIRST: readonly InstanceState[] = [
  'failed',
  'upstream_failed',
  'running',
  'retrying',
  'cancelled',
  'queued',
  'pending',
  'success',
  'skipped',
]

function worstState(states: readonly (InstanceState | undefined)[]): InstanceState | null {
  return WORST_FIRST.find((state) => states.includes(state)) ?? null
}
