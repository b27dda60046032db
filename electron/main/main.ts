import { join } from 'node:path'
import * as electron from 'electron'
import { userDataFolder } from '#electron/store/user-data.ts'
import { startDesktop } from './desktop.ts'

/** Bundled, this is dist/desktop/main.mjs: its neighbours are one folder up; packaged, the samples lie with the resources. */
const dist = join(import.meta.dirname, '..')
const unpacked = dist.replace('app.asar', 'app.asar.unpacked')

await startDesktop(electron, {
  platform: process.platform,
  arguments: process.argv.slice(1),
  workingFolder: process.cwd(),
  rendererFolder: join(dist, 'renderer'),
  host: {
    userData: userDataFolder(),
    samplesFolder: electron.app.isPackaged ? join(process.resourcesPath, 'samples') : join(dist, '../shared/samples'),
    entries: {
      spawner: join(unpacked, 'spawner.mjs'),
      sql: join(unpacked, 'sql.mjs'),
      parser: join(unpacked, 'parser.mjs'),
    },
    // They run in this same binary, as a plain Node: the machine need not have one.
    hostEnvironment: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  },
})
