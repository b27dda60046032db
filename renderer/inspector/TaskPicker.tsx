import { Command } from 'cmdk'
import { Plus } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { TaskKind } from '#shared/model/pipeline.ts'
import { Button } from '../ui/Button.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import styles from './Inspector.module.css'

export interface PickerOption {
  readonly id: string
  readonly name: string
  readonly kind: TaskKind | null
  /** Why it cannot be chosen. */
  readonly refused?: string | undefined
}

export interface TaskPickerProps {
  readonly label: string
  readonly options: readonly PickerOption[]
  readonly onPick: (id: string) => void
}

/** A button that opens a list of tasks to search in. */
export function TaskPicker({ label, options, onPick }: TaskPickerProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button variant="quiet" size="small" icon={Plus} style={{ alignSelf: 'start' }}>
          {label}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.picker} align="start" sideOffset={4} collisionPadding={8} aria-label={label}>
          <Command label={label}>
            <Command.Input placeholder="Name or id" aria-label="Name or id" />
            <Command.List>
              <Command.Empty>No such task</Command.Empty>
              {options.map((option) => (
                <Command.Item
                  key={option.id}
                  value={`${option.id} ${option.name}`}
                  disabled={option.refused !== undefined}
                  title={option.refused ?? ''}
                  onSelect={() => {
                    setOpen(false)
                    onPick(option.id)
                  }}
                >
                  {option.kind !== null && <KindIcon kind={option.kind} size={14} />}
                  <span className={styles.needName}>{option.name}</span>
                  <span className={styles.pickerDetail}>
                    {option.refused ?? (option.name === option.id ? '' : option.id)}
                  </span>
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
