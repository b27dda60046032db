import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** Finds a program: by its path (relative ones from `from`), or by name in the folders of PATH. null: not there. */
export function findExecutable(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  from: string,
): string | null {
  if (isAbsolute(name) || name.includes('/') || (process.platform === 'win32' && name.includes('\\'))) {
    return runnable(resolve(from, name), environment)
  }
  for (const folder of (environment.PATH ?? environment.Path ?? '').split(delimiter)) {
    if (folder === '') continue
    const found = runnable(join(folder, name), environment)
    if (found !== null) return found
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
