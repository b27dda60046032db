import { join } from 'node:path'

/** Where the parts lie: in the checkout's sources (started as .ts), or in `dist` (bundled). */
export interface Places {
  readonly spawner: string
  readonly sql: string
  readonly parser: string
  /** Makes the draws of `dagwright simulate`. */
  readonly draws: string
  readonly renderer: string
  /** The folder of the sample workspaces. */
  readonly samples: string
}

/** `entry`: the file name of the running program: `electron/hosts/cli/main.ts` or `dist/commands.mjs`. */
export function placesOf(entry: string): Places {
  const folder = join(entry, '..')
  if (entry.endsWith('.ts')) {
    const root = join(folder, '../../..')
    return {
      spawner: join(root, 'electron/spawner/main.ts'),
      sql: join(root, 'electron/sql/main.ts'),
      parser: join(root, 'electron/parser/main.ts'),
      draws: join(root, 'electron/hosts/cli/draws-worker.ts'),
      renderer: join(root, 'dist/renderer'),
      samples: join(root, 'shared/samples'),
    }
  }
  return {
    spawner: join(folder, 'spawner.mjs'),
    sql: join(folder, 'sql.mjs'),
    parser: join(folder, 'parser.mjs'),
    draws: join(folder, 'draws.mjs'),
    renderer: join(folder, 'renderer'),
    samples: join(folder, '../shared/samples'),
  }
}
