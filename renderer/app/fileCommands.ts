import { CalendarRange, Download, FilePlus, FolderOpen, Package, Save, SaveAll, X } from 'lucide-react'
import { SAMPLES } from '#shared/contract/samples.ts'
import { api } from '../state/client.ts'
import { activeDocument } from '../state/documents.ts'
import { saveDocument } from '../state/files.ts'
import { attempt } from '../state/notices.ts'
import { openDialog } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { closeDocument, closeOthers, closeRight, otherTabs, tabsRightOf } from './closing.ts'
import type { Command } from './commands.ts'
import { openSample } from './openSample.ts'
import { openPath } from './session.ts'

const isOpen = () => useWorkspace.getState().info !== null
const isShown = () => activeDocument() !== null
const shownPath = () => activeDocument()?.path ?? ''

export const fileCommands: readonly Command[] = [
  {
    id: 'file.new',
    title: 'New pipeline',
    group: 'File',
    icon: FilePlus,
    shortcuts: ['Mod+N', 'Alt+N'],
    scope: 'everywhere',
    when: isOpen,
    run: () => openDialog('new'),
  },
  {
    id: 'file.newPlan',
    title: 'New plan of many pipelines',
    group: 'File',
    icon: CalendarRange,
    scope: 'everywhere',
    when: isOpen,
    run: () => openDialog('newPlan'),
  },
  {
    id: 'file.open',
    title: 'Open a folder or pipeline…',
    group: 'File',
    icon: FolderOpen,
    shortcuts: ['Mod+O'],
    scope: 'everywhere',
    run: () => void pickAndOpen(),
  },
  {
    id: 'file.save',
    title: 'Save',
    group: 'File',
    icon: Save,
    shortcuts: ['Mod+S'],
    scope: 'everywhere',
    when: isShown,
    run: () => void saveDocument(shownPath()),
  },
  {
    id: 'file.saveAs',
    title: 'Save as…',
    group: 'File',
    icon: SaveAll,
    shortcuts: ['Mod+Shift+S'],
    scope: 'everywhere',
    when: isShown,
    run: () => openDialog('saveAs'),
  },
  {
    id: 'file.export',
    title: 'Export…',
    group: 'File',
    icon: Download,
    shortcuts: ['Mod+E'],
    scope: 'everywhere',
    when: isShown,
    run: () => openDialog('export'),
  },
  {
    id: 'file.close',
    title: 'Close the pipeline',
    group: 'File',
    icon: X,
    shortcuts: ['Mod+W', 'Alt+W'],
    scope: 'everywhere',
    when: isShown,
    run: () => void closeDocument(shownPath()),
  },
  {
    id: 'file.closeOthers',
    title: 'Close the other tabs',
    group: 'File',
    when: () => isShown() && otherTabs(shownPath()).length > 0,
    run: () => void closeOthers(shownPath()),
  },
  {
    id: 'file.closeRight',
    title: 'Close the tabs to the right',
    group: 'File',
    when: () => isShown() && tabsRightOf(shownPath()).length > 0,
    run: () => void closeRight(shownPath()),
  },
  ...SAMPLES.map(
    ({ name, title }): Command => ({
      id: `file.sample.${name}`,
      title: `Open the sample: ${title}`,
      group: 'File',
      icon: Package,
      run: () => void openSample(name),
    }),
  ),
]

/** The system's own dialog where the host has one. */
async function pickAndOpen(): Promise<void> {
  if (!useWorkspace.getState().app?.capabilities.nativeDialogs) {
    openDialog('open')
    return
  }
  const picked = await attempt('Choose a folder', () => api().shell.pickWorkspace({}))
  if (picked?.path) await openPath(picked.path)
}
