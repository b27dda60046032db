import { join } from 'node:path'

/** Where the parts lie: in the checkout's sources (started as .ts), or in `dist` (bundled). */
export interface Places {
  readonly spawner: string
  readonly sql: string
  readonly renderer: string
  readonly sample: string
}

/** `entry`: the file name of the running program: `electron/hosts/cli/main.ts` or `dist/cli.mjs`. */
export function placesOf(entry: string): Places {
  const folder = join(entry, '..')
  if (entry.endsWith('.ts')) {
    const root = join(folder, '../../..')
    return {
      spawner: join(root, 'electron/spawner/main.ts'),
      sql: join(root, 'electron/sql/main.ts'),
      renderer: join(root, 'dist/renderer'),
      sample: join(root, 'shared/samples/flights'),
    }
  }
  return {
    spawner: join(folder, 'spawner.mjs'),
    sql: join(folder, 'sql.mjs'),
    renderer: join(folder, 'renderer'),
    sample: join(folder, '../shared/samples/flights'),
  }
}
