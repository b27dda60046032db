import { join } from 'node:path'
import { z } from 'zod'
import { defaultSettings, type Settings, settings } from '#shared/contract/data.ts'
import type { Disk } from './disk.ts'
import { jsonFile } from './json-file.ts'

export interface SettingsFile {
  get(): Promise<Settings>
  change(changes: Partial<Settings>): Promise<Settings>
}

/** A key that is missing or not understood has its default; the others keep their values. */
export function settingsOf(disk: Disk, userData: string): SettingsFile {
  const file = jsonFile(disk, join(userData, 'settings.json'), parseSettings, defaultSettings)
  return {
    get: file.read,
    change: (changes) => file.change((before) => settings.parse({ ...before, ...definedOf(changes) })),
  }
}

function parseSettings(value: unknown): Settings | null {
  const stored = z.record(z.string(), z.unknown()).safeParse(value).data
  if (stored === undefined) return null
  const known = Object.entries(settings.shape).filter(([key, shape]) => shape.safeParse(stored[key]).success)
  return settings.parse({ ...defaultSettings, ...Object.fromEntries(known.map(([key]) => [key, stored[key]])) })
}

function definedOf(changes: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
