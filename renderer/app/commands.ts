import type { LucideIcon } from 'lucide-react'
import type { MenuItem } from '../ui/menuItem.ts'
import { matchesShortcut } from '../ui/shortcut.ts'

/**
 * Everything a person can do, by name: one registry for keys, command palette, menus, top bar, the desktop menu and the
 * help sheet.
 */
export interface Command {
  /** `group.verb`, stable: the desktop menu sends it. */
  readonly id: string
  /** Sentence case, as it stands in menus. */
  readonly title: string
  /** What else a person may search the palette for: its name on the command line, say. */
  readonly words?: string
  readonly group: CommandGroup
  /** The first is shown. As in ui/shortcut.ts. */
  readonly shortcuts?: readonly string[]
  readonly icon?: LucideIcon
  /**
   * canvas: its keys count only while the focus is on the canvas (or nowhere); window: also beside it, but not while
   * typing; everywhere: while typing too.
   */
  readonly scope?: 'canvas' | 'window' | 'everywhere'
  /** Left out of the palette: it only makes sense by its key. */
  readonly keyOnly?: boolean
  /** Whether it can be done now. Absent: always. */
  readonly when?: () => boolean
  readonly run: () => void
}

export type CommandGroup = 'File' | 'Edit' | 'Canvas' | 'View' | 'Run' | 'Help'
export const COMMAND_GROUPS: readonly CommandGroup[] = ['File', 'Edit', 'Canvas', 'View', 'Run', 'Help']

const registry = new Map<string, Command>()

/** Throws (a bug) where an id is taken. */
export function registerCommands(commands: readonly Command[]): void {
  for (const command of commands) {
    if (registry.has(command.id)) throw new Error(`There are two commands ${command.id}.`)
    registry.set(command.id, command)
  }
}

export function allCommands(): readonly Command[] {
  return [...registry.values()]
}

export function commandOf(id: string): Command {
  const command = registry.get(id)
  if (!command) throw new Error(`There is no command ${id}.`)
  return command
}

export function canRun(command: Command): boolean {
  return command.when?.() ?? true
}

/** For ids from outside (the desktop menu): does nothing where there is no such command or it can't be done now. */
export function runCommand(id: string): void {
  const command = registry.get(id)
  if (command && canRun(command)) command.run()
}

/** The command as an entry of a menu. */
export function commandItem(id: string, title?: string): MenuItem {
  const command = commandOf(id)
  return {
    id,
    label: title ?? command.title,
    icon: command.icon,
    shortcut: command.shortcuts?.[0],
    disabled: !canRun(command),
    onSelect: command.run,
  }
}

export interface KeyPlace {
  /** The focus takes text. */
  readonly typing: boolean
  readonly onCanvas: boolean
  /** A dialog is open: only what stands in it counts. */
  readonly inDialog: boolean
}

/** The command a key press means at a place; the more particular scope wins. */
export function commandForKey(event: KeyboardEvent, place: KeyPlace): Command | null {
  if (place.inDialog) return null
  const candidates = allCommands().filter((command) =>
    command.shortcuts?.some((shortcut) => matchesShortcut(event, shortcut)),
  )
  const rank = { canvas: 0, window: 1, everywhere: 2 }
  const counting = candidates
    .filter((command) => {
      const scope = command.scope ?? 'window'
      if (scope === 'everywhere') return true
      return !place.typing && (scope === 'window' || place.onCanvas)
    })
    .sort((a, b) => rank[a.scope ?? 'window'] - rank[b.scope ?? 'window'])
  return counting.find(canRun) ?? null
}

function placeOf(target: EventTarget | null): KeyPlace {
  const element = target instanceof Element ? target : document.body
  return {
    typing: element.closest('input, textarea, select, [contenteditable="true"], .monaco-editor') !== null,
    onCanvas: element === document.body || element.closest('[data-canvas]') !== null,
    inDialog: element.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null,
  }
}

/** A field, or what it stands in, that has a meaning of its own for a key names it in `data-takes`. */
function isTakenBy(target: EventTarget | null, event: KeyboardEvent): boolean {
  const own = target instanceof Element ? target.closest<HTMLElement>('[data-takes]')?.dataset.takes : undefined
  return own !== undefined && matchesShortcut(event, own)
}

/**
 * Listens for the shortcuts of all commands. Those that count everywhere are taken before the focused part sees the key
 * (a menu's button would open on Ctrl+Enter); the others only where it left the key alone. Returns the way to stop.
 */
export function listenForKeys(): () => void {
  const take = (event: KeyboardEvent, early: boolean) => {
    if (event.defaultPrevented || event.isComposing || (early && isTakenBy(event.target, event))) return
    const command = commandForKey(event, placeOf(event.target))
    if (!command || (command.scope === 'everywhere') !== early) return
    event.preventDefault()
    if (early) event.stopPropagation()
    command.run()
  }
  const early = (event: KeyboardEvent) => take(event, true)
  const late = (event: KeyboardEvent) => take(event, false)
  window.addEventListener('keydown', early, { capture: true })
  window.addEventListener('keydown', late)
  return () => {
    window.removeEventListener('keydown', early, { capture: true })
    window.removeEventListener('keydown', late)
  }
}
