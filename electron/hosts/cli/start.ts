import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { userDataFolder } from '#electron/store/user-data.ts'

/**
 * Starts the command line with its code as V8 compiled it the last time, kept with the person's own things. A folder
 * that cannot be written costs only the time.
 */
try {
  const folder = join(userDataFolder(), 'compiled')
  // Node makes it too, but never stops trying where the system says that a parent is missing which is there.
  mkdirSync(folder, { recursive: true })
  enableCompileCache(folder)
} catch {
  // Compiled anew, then.
}
// Named at run time, so that the bundler leaves it a file of its own: only what is loaded from now on is kept.
const program = import.meta.filename.endsWith('.ts') ? './main.ts' : './commands.mjs'
await import(program)
