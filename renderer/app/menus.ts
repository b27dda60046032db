import { FolderOpen, FolderPlus } from 'lucide-react'
import { useDocuments } from '../state/documents.ts'
import { openFile } from '../state/files.ts'
import { useWorkspace } from '../state/workspace.ts'
import type { MenuItem } from '../ui/menuItem.ts'
import { commandItem } from './commands.ts'
import { openPath } from './session.ts'

/** The entries of the top bar's menus, made when a menu opens. */

const MOST_RECENT = 8

export function workspaceItems(): readonly MenuItem[] {
  const { recent, info } = useWorkspace.getState()
  const others = recent.filter((workspace) => workspace.exists && workspace.path !== info?.root).slice(0, MOST_RECENT)
  return [
    commandItem('file.new'),
    commandItem('file.newPlan'),
    commandItem('file.open'),
    ...(others.length > 0
      ? ([
          { type: 'separator', id: 'before-recent' },
          { type: 'heading', id: 'recent', label: 'Recent' },
          ...others.map(
            (workspace): MenuItem => ({
              id: workspace.path,
              label: workspace.name,
              detail: shortPath(workspace.path),
              icon: FolderOpen,
              onSelect: () => void openPath(workspace.path),
            }),
          ),
        ] as const)
      : []),
    { type: 'separator', id: 'before-file' },
    commandItem('file.save'),
    commandItem('file.saveAs'),
    commandItem('file.export'),
    commandItem('file.close'),
    { type: 'separator', id: 'before-settings' },
    commandItem('view.settings'),
    commandItem('help.shortcuts'),
    commandItem('help.doctor'),
  ]
}

export function pipelineItems(): readonly MenuItem[] {
  const { info } = useWorkspace.getState()
  const { active } = useDocuments.getState()
  return [
    ...(info?.pipelines ?? []).map(
      (pipeline): MenuItem => ({
        id: pipeline.path,
        label: pipeline.name || pipeline.path,
        detail: pipeline.errors > 0 ? `${pipeline.errors} errors` : `${pipeline.tasks} tasks`,
        checked: pipeline.path === active,
        onSelect: () => void openFile(pipeline.path),
      }),
    ),
    ...planItems(info?.plans ?? [], active),
    { type: 'separator', id: 'before-new' },
    { ...commandItem('file.new'), icon: FolderPlus },
    commandItem('file.newPlan'),
  ] as readonly MenuItem[]
}

function planItems(plans: readonly string[], active: string | null): readonly MenuItem[] {
  if (plans.length === 0) return []
  return [
    { type: 'heading', id: 'plans', label: 'Planner' },
    ...plans.map(
      (path): MenuItem => ({ id: path, label: path, checked: path === active, onSelect: () => void openFile(path) }),
    ),
  ]
}

export function runItems(): readonly MenuItem[] {
  return [
    commandItem('run.start'),
    commandItem('run.withParameters'),
    { type: 'separator', id: 'before-parts' },
    commandItem('run.fromHere'),
    commandItem('run.upToHere'),
    commandItem('run.between'),
    commandItem('run.selected'),
    { type: 'separator', id: 'before-again' },
    commandItem('run.again'),
    commandItem('run.failed'),
    commandItem('run.asRun'),
    commandItem('run.changes'),
    commandItem('run.resume'),
  ]
}

/** The end of a long path, which is what tells folders apart. */
export function shortPath(path: string): string {
  const parts = path.split(/[\\/]/).filter(Boolean)
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : path
}
