import { Command } from 'cmdk'
import { connectTasks } from '../canvas/actions.ts'
import { usePipeline } from '../state/documents.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import styles from './CommandPalette.module.css'

/** Links a task to another one without a pointer. */
export function ConnectDialog({ task, onClose }: { readonly task: string; readonly onClose: () => void }) {
  const others = usePipeline()?.tasks.filter(
    (other) => other.id !== task && !other.needs.some((need) => need.task === task),
  )
  return (
    <Dialog open onClose={onClose} title={`Link ${task} to…`} description="The chosen task will need it." size="small">
      <Command label="Tasks" className={styles.inDialog}>
        <Command.Input className={styles.input} placeholder="Find a task" autoFocus />
        <Command.List className={styles.list}>
          <Command.Empty className={styles.empty}>No task is called that.</Command.Empty>
          {others?.map((other) => (
            <Command.Item
              key={other.id}
              value={`${other.id} ${other.name}`}
              className={styles.item}
              onSelect={() => {
                onClose()
                connectTasks(task, other.id)
              }}
            >
              <KindIcon kind={other.kind} />
              <span className={styles.title}>{other.name}</span>
              {other.name !== other.id && <span className={styles.group}>{other.id}</span>}
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  )
}
