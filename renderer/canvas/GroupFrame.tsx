import { Handle, type NodeProps, Position } from '@xyflow/react'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import type { Group } from '#shared/model/pipeline.ts'
import { useAnalysis } from '../state/analysis.ts'
import { startRenaming, toggleCollapsed, useCanvasViews } from '../state/canvasView.ts'
import { useActivePath } from '../state/documents.ts'
import { useRunView } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { classes } from '../ui/classes.ts'
import { StateLabel } from '../ui/StateIcon.tsx'
import { renameGroup } from './actions.ts'
import styles from './GroupFrame.module.css'
import { useLensWords } from './lensWords.ts'
import { groupNodeId } from './nodeId.ts'
import type { GroupNode } from './nodes.ts'
import { countText, type GroupLook, groupLook } from './paint/groupLook.ts'
import { RenameField } from './RenameField.tsx'
import { grounded, tinted } from './tint.ts'

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
        <GroupName group={group} text={group.name} />
        <span className={styles.count}>{tasks.length}</span>
      </header>
    </section>
  )
})

/** F2 or a double click makes it a field. */
function GroupName({ group, text }: { readonly group: Group; readonly text: string }) {
  const node = groupNodeId(group.id)
  const renaming = useCanvasViews((state) => state.renaming === node)
  if (renaming) return <RenameField name={group.name} keep={(name) => renameGroup(group.id, name)} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard way is F2 on the selected group
    <span className={styles.name} title={group.name} onDoubleClick={() => startRenaming(node)}>
      {text}
    </span>
  )
}

/** A collapsed group: one card with the worst state of its tasks, or what the lens says of them, and the work in them. */
export const GroupCard = memo(function GroupCard({
  data,
  selected,
  sourcePosition,
  targetPosition,
}: NodeProps<GroupNode>) {
  const { group } = data
  const path = useActivePath()
  const look = useGroupLook(data)
  return (
    <section
      className={classes(styles.card, selected && styles.selected)}
      style={{ ...tinted(look.tint), ...grounded(look.ground) }}
      data-critical={look.warm || undefined}
      data-near={look.near || undefined}
      data-dimmed={look.dimmed || undefined}
      data-told={look.ground !== null || undefined}
      data-hatched={look.hatched || undefined}
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
        <GroupName group={group} text={look.name} />
      </div>
      <div className={styles.second}>
        <GroupWords look={look} />
        <span className={classes('tabular', styles.work)} title="Work of its tasks, added up">
          {look.work}
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

function useGroupLook({ group, tasks }: GroupNode['data']): GroupLook {
  const lens = useView((state) => state.lens)
  const words = useLensWords((state) => state.words)
  const view = useRunView()
  const plan = useAnalysis((state) => state.plan)
  const criticalTasks = useAnalysis((state) => state.criticalTasks)
  const nearTasks = useAnalysis((state) => state.nearTasks)
  return groupLook(group, tasks, { lens, words, view, plan, criticalTasks, nearTasks })
}

function GroupWords({ look: { told, state, count } }: { readonly look: GroupLook }) {
  if (told !== null) {
    return (
      <span className={styles.words} title={told.title ?? told.text}>
        {told.text}
      </span>
    )
  }
  return state === null ? <span>{countText(count)}</span> : <StateLabel state={state} size={13} />
}
