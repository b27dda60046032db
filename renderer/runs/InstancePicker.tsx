import type { InstanceView, TaskView } from '#shared/journal/run-view.ts'
import { showLog } from '../state/view.ts'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './LogsPanel.module.css'

/** A list of more than these is a number to type: nobody reads through it, and a browser takes seconds to make it. */
const MOST_LISTED = 200

interface InstancePickerProps {
  readonly task: TaskView
  /** Those with a log, by index. */
  readonly instances: readonly InstanceView[]
  readonly chosen: number
}

/** Which instance of a mapped task is shown. */
export function InstancePicker({ task, instances, chosen }: InstancePickerProps) {
  const show = (index: number) => showLog({ task: task.id, index, attempt: null })
  if (instances.length > MOST_LISTED) {
    const last = instances.at(-1)!
    return (
      <TextField
        type="number"
        className={styles.instance ?? ''}
        label={`Instance, 0 to ${last.index}`}
        title={itemText(task.items?.[chosen])}
        min={0}
        max={last.index ?? 0}
        value={String(chosen)}
        // Of what was typed, the next one with a log.
        onCommit={(text) => show((instances.find(({ index }) => index! >= Number(text)) ?? last).index!)}
      />
    )
  }
  return (
    <Select
      size="small"
      label="Instance"
      value={String(chosen)}
      options={instances.map(({ index }) => ({
        value: String(index),
        label: `[${index}]`,
        detail: itemText(task.items?.[index ?? 0]),
      }))}
      onChange={(index) => show(Number(index))}
    />
  )
}

function itemText(item: unknown): string {
  const text = typeof item === 'string' ? item : (JSON.stringify(item) ?? '')
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
