/**
 * Shortcuts are written 'Mod+Shift+Z': Mod is Command on a Mac and Ctrl elsewhere; the last part is a
 * `KeyboardEvent.key` ('Z', 'Enter', 'ArrowLeft', '?').
 */
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

const MAC_SIGNS: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
const KEY_SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  Enter: '↵',
  ' ': 'Space',
}

/** The keys as a person of this platform reads them, e.g. ['Ctrl', 'Shift', 'Z']. */
export function shortcutKeys(shortcut: string, mac: boolean = isMac): readonly string[] {
  return splitShortcut(shortcut).map((part) => {
    if (mac && part in MAC_SIGNS) return MAC_SIGNS[part]!
    if (part === 'Mod') return 'Ctrl'
    return KEY_SIGNS[part] ?? part
  })
}

/** 'Mod++' is Mod and the plus key. */
function splitShortcut(shortcut: string): readonly string[] {
  if (shortcut.endsWith('++')) return [...shortcut.slice(0, -2).split('+'), '+']
  return shortcut === '+' ? ['+'] : shortcut.split('+')
}

interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/**
 * Does this key press mean the shortcut? Shift is compared only where the shortcut names it or the key is a letter, a
 * digit or a named key: '?' needs Shift on some keyboards and not on others.
 */
export function matchesShortcut(press: KeyPress, shortcut: string, mac: boolean = isMac): boolean {
  const parts = splitShortcut(shortcut)
  const key = parts[parts.length - 1]!
  const wants = (name: string) => parts.slice(0, -1).includes(name)
  const mod = wants('Mod')
  if (press.ctrlKey !== (wants('Ctrl') || (mod && !mac))) return false
  if (press.metaKey !== (mod && mac)) return false
  if (press.altKey !== wants('Alt')) return false
  const digitWithShift = wants('Shift') && /^\d$/.test(key)
  const shiftMatters = wants('Shift') || key.length > 1 || /^[a-z0-9]$/i.test(key)
  if (shiftMatters && press.shiftKey !== wants('Shift')) return false
  if (digitWithShift && 'code' in press) return press.code === `Digit${key}`
  return press.key.toLowerCase() === key.toLowerCase()
}
