import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where a person's own things are kept (trust, settings, recent workspaces, state of read-only workspaces): outside of any
 * workspace. `DAGWRIGHT_HOME` overrides the place the system has for it.
 */
export function userDataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const override = env.DAGWRIGHT_HOME
  if (override) return override
  if (platform === 'win32') return join(absoluteOr(env.APPDATA, join(home, 'AppData', 'Roaming')), 'Dagwright')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Dagwright')
  return join(absoluteOr(env.XDG_DATA_HOME, join(home, '.local', 'share')), 'dagwright')
}

/** The XDG specification says to ignore relative paths. */
function absoluteOr(path: string | undefined, fallback: string): string {
  return path && isAbsolute(path) ? path : fallback
}
