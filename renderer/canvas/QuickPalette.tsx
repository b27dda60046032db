import { Command } from 'cmdk'
import { StickyNote } from 'lucide-react'
import { Popover } from 'radix-ui'
import { TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { usePipeline } from '../state/documents.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import { addNoteAt, addTaskAt, changeKind, replaceWith } from './actions.ts'
import { controls } from './controls.ts'
import styles from './QuickPalette.module.css'
import { closeQuickPalette, focusAfterPalette, type QuickPaletteRequest, useQuickPalette } from './quickPalette.ts'

export function QuickPalette() {
  const request = useQuickPalette((state) => state.request)
  if (!request) return null
  return <OpenPalette request={request} />
}

function OpenPalette({ request }: { readonly request: QuickPaletteRequest }) {
  const { from, to, edge, replace } = request
  const point = request.at ?? controls()?.centre() ?? [0, 0]
  const screen = request.screen ?? { x: window.innerWidth / 2 - 120, y: window.innerHeight / 3 }
  const linked = from !== undefined || to !== undefined || edge !== undefined || replace !== undefined
  const close = () => {
    closeQuickPalette()
    focusAfterPalette()
  }
  const add = (kind: TaskKind) => {
    if (replace !== undefined) {
      changeKind(replace, kind)
      close()
      return
    }
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
          aria-label={replace === undefined ? 'Add a task' : `Replace ${replace}`}
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
              {replace !== undefined && <OtherTasks task={replace} close={close} />}
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

/** Tasks of the pipeline that can take the place of one. */
function OtherTasks({ task, close }: { readonly task: string; readonly close: () => void }) {
  const others = usePipeline()?.tasks.filter((other) => other.id !== task) ?? []
  return (
    <Command.Group heading="Another task in its place" className={styles.group}>
      {others.map((other) => (
        <Command.Item
          key={other.id}
          value={`${other.name} ${other.id}`}
          className={styles.item}
          onSelect={() => {
            replaceWith(task, other.id)
            close()
          }}
        >
          <KindIcon kind={other.kind} />
          <span className={styles.label}>{other.name}</span>
          <span className={styles.description}>{other.name === other.id ? '' : other.id}</span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}

function placeholder({ from, to, edge, replace }: QuickPaletteRequest): string {
  if (replace !== undefined) return `Replace ${replace} with`
  if (edge !== undefined) return 'Insert a task here'
  if (from !== undefined) return `Add a task after ${from}`
  if (to !== undefined) return `Add a task before ${to}`
  return 'Add a task'
}
