import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { userDataFolder } from '#electron/store/user-data.ts'

/**
 * Starts the command line with its code as V8 compiled it the last time, kept with the person's own things. Only where
 * their folder is there already: Node, asked to make one, never stops trying where the system cannot (`/proc/x`).
 */
const home = userDataFolder()
if (existsSync(home)) enableCompileCache(`${home}/compiled`)
// Named at run time, so that the bundler leaves it a file of its own: only what is loaded from now on is kept.
const program = import.meta.filename.endsWith('.ts') ? './main.ts' : './commands.mjs'
await import(program)
