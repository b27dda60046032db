import { ChevronDown, Play, Redo2, SlidersHorizontal, Square, Undo2, X } from 'lucide-react'
import type { MouseEvent } from 'react'
import { whenText } from '../runs/run-text.ts'
import {
  isEdited,
  type OpenDocument,
  showDocument,
  useActiveDocument,
  useActivePath,
  useDocuments,
  usePipeline,
  useShowsPlan,
} from '../state/documents.ts'
import { cancelRun, openRunDialog, useRuns } from '../state/runs.ts'
import { LENSES, type Lens, setLens, useView } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu } from '../ui/Menu.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import { closeDocument } from './closing.ts'
import { commandItem, commandOf } from './commands.ts'
import { pipelineItems, runItems, workspaceItems } from './menus.ts'
import styles from './TopBar.module.css'

export function TopBar() {
  return (
    <header className={styles.bar}>
      <Title />
      <WorkspaceMenu />
      <DocumentTabs />
      <LensSwitch />
      <UndoButtons />
      <ParameterButton />
      <RunButtons />
    </header>
  )
}

/** For screen readers; the tabs show it to the others. */
function Title() {
  const pipeline = usePipeline()
  const workspace = useWorkspace((state) => state.info?.name ?? 'Dagwright')
  return <h1 className="visually-hidden">{pipeline?.name ?? workspace}</h1>
}

function WorkspaceMenu() {
  const name = useWorkspace((state) => state.info?.name ?? '')
  // The entries depend on these.
  useWorkspace((state) => state.recent)
  useActivePath()
  return (
    <Menu items={workspaceItems()}>
      <Button variant="quiet" className={styles.workspace ?? ''}>
        <span className={styles.workspaceName}>{name}</span>
        <ChevronDown size={14} aria-hidden />
      </Button>
    </Menu>
  )
}

function DocumentTabs() {
  const open = useDocuments((state) => state.open)
  const active = useActivePath()
  const files = useWorkspace(({ info }) => (info ? info.pipelines.length + info.plans.length : 0))
  return (
    <nav className={styles.tabs} aria-label="Open pipelines">
      {open.map((document) => {
        const edited = isEdited(document)
        const close = (event: MouseEvent) => {
          event.stopPropagation()
          void closeDocument(document.path)
        }
        return (
          <div key={document.path} className={classes(styles.tab, document.path === active && styles.activeTab)}>
            <button
              type="button"
              aria-current={document.path === active ? 'page' : undefined}
              className={styles.tabName}
              title={document.path}
              onClick={() => showDocument(document.path)}
              onAuxClick={(event) => event.button === 1 && close(event)}
            >
              <span className={styles.tabText}>{tabName(document)}</span>
              {edited && <span className={styles.edited} role="img" aria-label="Unsaved changes" />}
            </button>
            <button type="button" className={styles.tabClose} aria-label={`Close ${document.path}`} onClick={close}>
              <X size={14} aria-hidden />
            </button>
          </div>
        )
      })}
      {files > 0 && (
        <Menu items={pipelineItems()}>
          <IconButton icon={ChevronDown} label="Pipelines of this workspace" size="small" />
        </Menu>
      )}
    </nav>
  )
}

function tabName({ asRun, path, pipeline }: OpenDocument): string {
  const name = pipeline?.name || fileName(asRun?.file ?? path)
  return asRun ? `${name} (as run ${whenText(asRun.startedAt, Date.now())})` : name
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

const LENS_NAMES: Readonly<Record<Lens, { label: string; hint: string }>> = {
  design: { label: 'Design', hint: 'What each task is and how long it typically takes' },
  state: { label: 'State', hint: 'How each task fared in the chosen run' },
  critical: { label: 'Critical path', hint: 'Which tasks decide how long a run takes, and the float of the others' },
  heat: { label: 'Heat', hint: 'Where time, waiting, failures or memory go: tasks coloured by one of them' },
  whatif: { label: 'What-if', hint: 'What the supposed change does to each task' },
  diff: { label: 'Diff', hint: 'What changed in this file since it was saved, or since the chosen run' },
  compare: { label: 'Compare', hint: 'What each task did differently in two runs' },
}

function LensSwitch() {
  const lens = useView((state) => state.lens)
  const shown = useActivePath() !== null
  if (useShowsPlan()) return null
  return (
    <div className={styles.lenses} role="radiogroup" aria-label="Lens">
      {LENSES.map((id) => (
        <Tooltip key={id} label={LENS_NAMES[id].hint} shortcut={commandOf(`view.lens.${id}`).shortcuts?.[0]}>
          {/* biome-ignore lint/a11y/useSemanticElements: a segmented switch, with arrow keys by its radio group */}
          <button
            type="button"
            role="radio"
            aria-checked={lens === id}
            disabled={!shown}
            className={styles.lens}
            onClick={() => setLens(id)}
          >
            {LENS_NAMES[id].label}
          </button>
        </Tooltip>
      ))}
    </div>
  )
}

function UndoButtons() {
  const history = useActiveDocument()?.history
  const undone = history?.undone.at(-1)
  const done = history?.done.at(-1)
  return (
    <div className={styles.group}>
      <IconButton
        icon={Undo2}
        label={done ? `Undo: ${done.label}` : 'Nothing to undo'}
        shortcut="Mod+Z"
        disabled={!done}
        onClick={() => commandOf('edit.undo').run()}
      />
      <IconButton
        icon={Redo2}
        label={undone ? `Redo: ${undone.label}` : 'Nothing to redo'}
        shortcut="Mod+Shift+Z"
        disabled={!undone}
        onClick={() => commandOf('edit.redo').run()}
      />
    </div>
  )
}

function ParameterButton() {
  const count = usePipeline()?.params.size ?? 0
  if (count === 0) return null
  return (
    <Tooltip label="Set the parameters of the next run">
      <Button variant="quiet" icon={SlidersHorizontal} onClick={() => openRunDialog()}>
        {count} {count === 1 ? 'parameter' : 'parameters'}
      </Button>
    </Tooltip>
  )
}

function RunButtons() {
  const pipeline = usePipeline()
  const chosen = useRuns((state) => state.chosen)
  const live = useRuns((state) => state.live)
  const cancelling = useRuns((state) => state.events.length >= 0 && (state.whole?.cancelling ?? false))
  if (live && chosen) {
    return (
      <div className={styles.run}>
        <Button variant="danger" icon={Square} onClick={() => void cancelRun(chosen, cancelling)}>
          {cancelling ? 'Kill' : 'Cancel'}
        </Button>
      </div>
    )
  }
  const disabled = !pipeline || pipeline.tasks.length === 0
  return (
    <div className={styles.run}>
      <Tooltip label="Run the pipeline" shortcut="Mod+Enter">
        <Button
          variant="primary"
          icon={Play}
          disabled={disabled}
          className={styles.runMain ?? ''}
          onClick={() => commandOf('run.start').run()}
        >
          Run
        </Button>
      </Tooltip>
      <Menu items={[commandItem('run.start'), ...runItems()]} align="end">
        <Button variant="primary" disabled={disabled} className={styles.runMore ?? ''} aria-label="More ways to run">
          <ChevronDown size={14} aria-hidden />
        </Button>
      </Menu>
    </div>
  )
}
