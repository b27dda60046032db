import { Command } from 'cmdk'
import { StickyNote } from 'lucide-react'
import { Popover } from 'radix-ui'
import { TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import { addNoteAt, addTaskAt } from './actions.ts'
import { controls } from './controls.ts'
import styles from './QuickPalette.module.css'
import { closeQuickPalette, type QuickPaletteRequest, useQuickPalette } from './quickPalette.ts'

export function QuickPalette() {
  const request = useQuickPalette((state) => state.request)
  if (!request) return null
  return <OpenPalette request={request} />
}

function OpenPalette({ request }: { readonly request: QuickPaletteRequest }) {
  const { from, to, edge } = request
  const point = request.at ?? controls()?.centre() ?? [0, 0]
  const screen = request.screen ?? { x: window.innerWidth / 2 - 120, y: window.innerHeight / 3 }
  const linked = from !== undefined || to !== undefined || edge !== undefined
  const close = () => {
    closeQuickPalette()
    controls()?.focus()
  }
  const add = (kind: TaskKind) => {
    const id = addTaskAt(kind, point, {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(edge === undefined ? {} : { edge }),
    })
    close()
    if (id !== null) controls()?.reveal(id)
  }
  return (
    <Popover.Root open onOpenChange={(open) => !open && close()}>
      <Popover.Anchor asChild>
        <span style={{ position: 'fixed', left: screen.x, top: screen.y }} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className={styles.palette}
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Add a task"
        >
          <Command label="Kinds of tasks">
            <Command.Input className={styles.input} placeholder={placeholder(request)} autoFocus />
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>No kind of task is called that.</Command.Empty>
              {TASK_KINDS.map((kind) => (
                <Command.Item
                  key={kind}
                  value={`${KIND_STYLES[kind].label} ${KIND_STYLES[kind].description}`}
                  className={styles.item}
                  onSelect={() => add(kind)}
                >
                  <KindIcon kind={kind} />
                  <span className={styles.label}>{KIND_STYLES[kind].label}</span>
                  <span className={styles.description}>{KIND_STYLES[kind].description}</span>
                </Command.Item>
              ))}
              {!linked && (
                <Command.Item
                  value="Note Markdown text on the canvas"
                  className={styles.item}
                  onSelect={() => {
                    addNoteAt(point)
                    closeQuickPalette()
                  }}
                >
                  <StickyNote size={16} aria-hidden />
                  <span className={styles.label}>Note</span>
                  <span className={styles.description}>Markdown text on the canvas</span>
                </Command.Item>
              )}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function placeholder({ from, to, edge }: QuickPaletteRequest): string {
  if (edge !== undefined) return 'Insert a task here'
  if (from !== undefined) return `Add a task after ${from}`
  if (to !== undefined) return `Add a task before ${to}`
  return 'Add a task'
}
