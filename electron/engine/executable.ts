import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** Thousands of short tasks look for the same shell; what is found is believed for this long. */
const FRESH_MILLISECONDS = 1000
const MOST_RECENT = 50
const recent = new Map<string, { readonly found: string; readonly at: number }>()

/** Finds a program: by its path (relative ones from `from`), or by name in the folders of PATH. null: not there. */
export function findExecutable(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  from: string,
): string | null {
  if (isAbsolute(name) || name.includes('/') || (process.platform === 'win32' && name.includes('\\'))) {
    return runnable(resolve(from, name), environment)
  }
  const path = environment.PATH ?? environment.Path ?? ''
  const key = `${name}\0${path}`
  const known = recent.get(key)
  if (known !== undefined && performance.now() - known.at < FRESH_MILLISECONDS) return known.found
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue
    const found = runnable(join(folder, name), environment)
    if (found === null) continue
    if (recent.size >= MOST_RECENT) recent.clear()
    recent.set(key, { found, at: performance.now() })
    return found
  }
  return null
}

/**
 * Finds an interpreter as a person may name it: a program, or the folder of a virtual environment.
 * `inEnvironment`: where the program lies in such a folder.
 */
export function findInterpreter(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  from: readonly string[],
  inEnvironment: readonly string[],
): string | null {
  for (const base of from) {
    for (const inside of inEnvironment) {
      const found = runnable(join(resolve(base, name), inside), environment)
      if (found !== null) return found
    }
    const found = findExecutable(name, environment, base)
    if (found !== null) return found
  }
  return null
}

function runnable(path: string, environment: Readonly<Record<string, string | undefined>>): string | null {
  const windows = process.platform === 'win32'
  const endings = windows ? ['', ...(environment.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')] : ['']
  for (const ending of endings) {
    try {
      accessSync(path + ending, constants.X_OK)
      if (statSync(path + ending).isFile()) return path + ending
    } catch {
      // Not this one.
    }
  }
  return null
}
