import { ArrowLeft, ArrowRight, ChevronDown, X } from 'lucide-react'
import { type DragEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import { whenText } from '../runs/run-text.ts'
import {
  isEdited,
  moveDocument,
  type OpenDocument,
  showDocument,
  useActivePath,
  useDocuments,
} from '../state/documents.ts'
import { useWorkspace } from '../state/workspace.ts'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ContextMenu, Menu } from '../ui/Menu.tsx'
import type { MenuItem } from '../ui/menuItem.ts'
import { closeDocument, closeOthers, closeRight, otherTabs, tabsRightOf } from './closing.ts'
import { commandOf } from './commands.ts'
import styles from './DocumentTabs.module.css'
import { pipelineItems } from './menus.ts'

const TAB_TYPE = 'application/x-dagwright-tab'

/** A tab on its way: which one, and the place in the order where it would be put. */
interface Dragged {
  readonly path: string
  readonly to: number
}

/** The open documents, in the order that a person drags them into. */
export function DocumentTabs() {
  const open = useDocuments((state) => state.open)
  const files = useWorkspace(({ info }) => (info ? info.pipelines.length + info.plans.length : 0))
  const [dragged, setDragged] = useState<Dragged | null>(null)
  const over = (event: DragEvent, index: number) => {
    if (dragged === null || !event.dataTransfer.types.includes(TAB_TYPE)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const to = event.clientX < left + width / 2 ? index : index + 1
    if (to !== dragged.to) setDragged({ ...dragged, to })
  }
  const drop = (event: DragEvent) => {
    if (dragged === null) return
    event.preventDefault()
    const at = open.findIndex((document) => document.path === dragged.path)
    // It leaves its own place first.
    moveDocument(dragged.path, dragged.to > at ? dragged.to - 1 : dragged.to)
    setDragged(null)
  }
  return (
    <nav className={styles.tabs} aria-label="Open pipelines" onDrop={drop}>
      {open.map((document, index) => (
        <DocumentTab
          key={document.path}
          document={document}
          dragged={dragged?.path === document.path}
          drop={dragged === null ? undefined : dropSide(dragged.to, index, open.length)}
          onDragStart={(event) => {
            event.dataTransfer.setData(TAB_TYPE, document.path)
            event.dataTransfer.effectAllowed = 'move'
            setDragged({ path: document.path, to: index })
          }}
          onDragOver={(event) => over(event, index)}
          onDragEnd={() => setDragged(null)}
        />
      ))}
      {files > 0 && (
        <Menu items={pipelineItems}>
          <IconButton icon={ChevronDown} label="Pipelines of this workspace" size="small" />
        </Menu>
      )}
    </nav>
  )
}

/** On which side of the tab at `index` the mark stands; only the last tab has one behind it. */
function dropSide(to: number, index: number, count: number): 'before' | 'after' | undefined {
  if (to === index) return 'before'
  return to === count && index === count - 1 ? 'after' : undefined
}

interface DocumentTabProps {
  readonly document: OpenDocument
  readonly dragged: boolean
  readonly drop: 'before' | 'after' | undefined
  readonly onDragStart: (event: DragEvent) => void
  readonly onDragOver: (event: DragEvent) => void
  readonly onDragEnd: () => void
}

function DocumentTab({ document, dragged, drop, ...drags }: DocumentTabProps) {
  const { path } = document
  const active = useActivePath() === path
  const tab = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])
  const close = (event: MouseEvent) => {
    event.stopPropagation()
    void closeDocument(path)
  }
  return (
    <ContextMenu items={tabItems(path)}>
      <div
        ref={tab}
        draggable
        data-drop={drop}
        className={classes(styles.tab, active && styles.activeTab, dragged && styles.dragged)}
        onAuxClick={(event) => event.button === 1 && close(event)}
        {...drags}
      >
        <button
          type="button"
          aria-current={active ? 'page' : undefined}
          className={styles.tabName}
          title={path}
          onClick={() => showDocument(path)}
        >
          <span className={styles.tabText}>{tabName(document)}</span>
          {isEdited(document) && <span className={styles.edited} role="img" aria-label="Unsaved changes" />}
        </button>
        <button type="button" className={styles.tabClose} aria-label={`Close ${path}`} onClick={close}>
          <X size={14} aria-hidden />
        </button>
      </div>
    </ContextMenu>
  )
}

function tabItems(path: string): readonly MenuItem[] {
  const { open } = useDocuments.getState()
  const at = open.findIndex((document) => document.path === path)
  return [
    {
      id: 'close',
      label: 'Close',
      icon: X,
      shortcut: commandOf('file.close').shortcuts?.[0],
      onSelect: () => void closeDocument(path),
    },
    {
      id: 'others',
      label: 'Close others',
      disabled: otherTabs(path).length === 0,
      onSelect: () => void closeOthers(path),
    },
    {
      id: 'right',
      label: 'Close those to the right',
      disabled: tabsRightOf(path).length === 0,
      onSelect: () => void closeRight(path),
    },
    { type: 'separator', id: 'move' },
    {
      id: 'moveLeft',
      label: 'Move left',
      icon: ArrowLeft,
      shortcut: commandOf('view.moveTabLeft').shortcuts?.[0],
      disabled: at === 0,
      onSelect: () => moveDocument(path, at - 1),
    },
    {
      id: 'moveRight',
      label: 'Move right',
      icon: ArrowRight,
      shortcut: commandOf('view.moveTabRight').shortcuts?.[0],
      disabled: at === open.length - 1,
      onSelect: () => moveDocument(path, at + 1),
    },
  ]
}

function tabName({ asRun, path, pipeline }: OpenDocument): string {
  const name = pipeline?.name || fileName(asRun?.file ?? path)
  return asRun ? `${name} (as run ${whenText(asRun.startedAt, Date.now())})` : name
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
