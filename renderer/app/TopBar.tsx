import { ChevronDown, Play, Redo2, SlidersHorizontal, Square, Undo2 } from 'lucide-react'
import { useActiveDocument, useActivePath, usePipeline, useShowsPlan } from '../state/documents.ts'
import { cancelRun, openRunDialog, useRuns } from '../state/runs.ts'
import { LENSES, type Lens, setLens, useView } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu } from '../ui/Menu.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import { commandOf } from './commands.ts'
import { DocumentTabs } from './DocumentTabs.tsx'
import { runItems, workspaceItems } from './menus.ts'
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
  return (
    <Menu items={workspaceItems}>
      <Button variant="quiet" className={styles.workspace ?? ''}>
        <span className={styles.workspaceName}>{name}</span>
        <ChevronDown size={14} aria-hidden />
      </Button>
    </Menu>
  )
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
      <Menu items={runItems} align="end">
        <Button variant="primary" disabled={disabled} className={styles.runMore ?? ''} aria-label="More ways to run">
          <ChevronDown size={14} aria-hidden />
        </Button>
      </Menu>
    </div>
  )
}
