import { expect, test } from 'vitest'
import { matchesShortcut, shortcutKeys } from './shortcut.ts'

const press = (key: string, held: string = '', code = '') => ({
  key,
  code,
  ctrlKey: held.includes('c'),
  metaKey: held.includes('m'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
})

test('Mod is Ctrl, and Command on a Mac', () => {
  expect(matchesShortcut(press('z', 'c'), 'Mod+Z', false)).toBe(true)
  expect(matchesShortcut(press('z', 'm'), 'Mod+Z', false)).toBe(false)
  expect(matchesShortcut(press('z', 'm'), 'Mod+Z', true)).toBe(true)
  expect(matchesShortcut(press('z', 'c'), 'Mod+Z', true)).toBe(false)
  expect(shortcutKeys('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z'])
  expect(shortcutKeys('Mod++', false)).toEqual(['Ctrl', '+'])
})

test('no more keys may be held than the shortcut names', () => {
  expect(matchesShortcut(press('Z', 'cs'), 'Mod+Z', false)).toBe(false)
  expect(matchesShortcut(press('Z', 'cs'), 'Mod+Shift+Z', false)).toBe(true)
  expect(matchesShortcut(press('ArrowLeft', 's'), 'ArrowLeft', false)).toBe(false)
  expect(matchesShortcut(press('Delete', 'a'), 'Delete', false)).toBe(false)
})

test('signs that need Shift on some keyboards match with and without it', () => {
  expect(matchesShortcut(press('?', 's'), '?', false)).toBe(true)
  expect(matchesShortcut(press('?'), '?', false)).toBe(true)
  expect(matchesShortcut(press('+', 's'), '+', false)).toBe(true)
  expect(matchesShortcut(press('+', 'cs'), 'Mod++', false)).toBe(true)
})

test('Shift with a digit goes by the key, whatever sign it makes', () => {
  expect(matchesShortcut(press('!', 's', 'Digit1'), 'Shift+1', false)).toBe(true)
  expect(matchesShortcut(press('"', 's', 'Digit2'), 'Shift+1', false)).toBe(false)
})
