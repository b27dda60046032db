import type { MenuItemConstructorOptions } from 'electron'
import type { RecentWorkspace, ShellCommand } from '#shared/contract/data.ts'
import { SAMPLES } from '#shared/contract/samples.ts'

/**
 * The application menu. Every entry of Dagwright's own sends the id of a command in the renderer's registry, which holds
 * what it does and when it may; the keys here are the ones a person looks up in the menu.
 */
export function menuTemplate(options: {
  platform: NodeJS.Platform
  recent: readonly RecentWorkspace[]
  send: (command: ShellCommand) => void
}): MenuItemConstructorOptions[] {
  const { platform, recent, send } = options
  const mac = platform === 'darwin'
  const entry = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    id,
    label,
    // The renderer handles the keys itself, so that they mean what the focused part makes of them (text fields, Monaco).
    ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
    click: () => send({ type: 'command', id }),
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const openRecent: MenuItemConstructorOptions = {
    id: 'file.recent',
    label: 'Open recent',
    enabled: recent.some((workspace) => workspace.exists),
    submenu: recent
      .filter((workspace) => workspace.exists)
      .map((workspace) => ({ label: workspace.path, click: () => send({ type: 'open', path: workspace.path }) })),
  }
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      entry('New pipeline', 'file.new', 'CmdOrCtrl+N'),
      entry('Open…', 'file.open', 'CmdOrCtrl+O'),
      openRecent,
      separator,
      entry('Save', 'file.save', 'CmdOrCtrl+S'),
      entry('Save as…', 'file.saveAs', 'CmdOrCtrl+Shift+S'),
      entry('Export…', 'file.export', 'CmdOrCtrl+E'),
      separator,
      entry('Close pipeline', 'file.close', 'CmdOrCtrl+W'),
      ...(mac ? [] : [separator, { role: 'quit' } as const]),
    ],
  }
  const edit: MenuItemConstructorOptions = {
    label: '&Edit',
    submenu: [
      entry('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
      entry('Redo', 'edit.redo', mac ? 'Cmd+Shift+Z' : 'Ctrl+Y'),
      separator,
      { role: 'cut', registerAccelerator: false },
      { role: 'copy', registerAccelerator: false },
      { role: 'paste', registerAccelerator: false },
      entry('Duplicate', 'edit.duplicate', 'CmdOrCtrl+D'),
      entry('Delete', 'edit.delete'),
      entry('Select all', 'edit.selectAll', 'CmdOrCtrl+A'),
      separator,
      entry('Find', 'edit.find', 'CmdOrCtrl+F'),
      entry('All commands…', 'view.commands', 'CmdOrCtrl+K'),
      entry('Settings…', 'view.settings'),
    ],
  }
  const pipeline: MenuItemConstructorOptions = {
    label: '&Pipeline',
    submenu: [
      entry('Run', 'run.start', 'CmdOrCtrl+Enter'),
      entry('Run again', 'run.again'),
      entry('Rerun what failed', 'run.failed'),
      entry('Cancel the run', 'run.cancel'),
      separator,
      entry('Lay out', 'canvas.layout', 'CmdOrCtrl+L'),
      entry('Group', 'edit.group', 'CmdOrCtrl+G'),
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      entry('Zoom to fit', 'view.fit', 'Shift+1'),
      entry('Actual size', 'view.actualSize', '0'),
      entry('Zoom in', 'view.zoomIn'),
      entry('Zoom out', 'view.zoomOut'),
      separator,
      entry('Bottom panel', 'view.bottomPanel', 'CmdOrCtrl+J'),
      entry('Inspector', 'view.inspector'),
      separator,
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [
      entry('Keyboard shortcuts', 'help.shortcuts', '?'),
      entry('What is missing on this machine?', 'help.doctor'),
      {
        id: 'file.sample',
        label: 'Open a sample',
        submenu: SAMPLES.map(({ name, title }) => entry(title, `file.sample.${name}`)),
      },
    ],
  }
  return [...(mac ? [{ role: 'appMenu' } as const] : []), file, edit, pipeline, view, { role: 'windowMenu' }, help]
}
