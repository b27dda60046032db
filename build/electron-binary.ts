import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../node_modules/electron')

function installed(): string | null {
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name)
  return existsSync(path) ? path : null
}

/**
 * The Electron executable: the one that is there, or, with `fetch`, the one its own installer brings over the network.
 * null where there is none to be had.
 */
export function electronBinary({ fetch }: { fetch: boolean }): string | null {
  const found = installed()
  if (found || !fetch || !existsSync(join(folder, 'install.js'))) return found
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'ignore'], timeout: 300_000 })
  return installed()
}
