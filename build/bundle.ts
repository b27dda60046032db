import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build as esbuild } from 'esbuild'

/** What can be built, each from its own sources. `engine`: command line, task spawner and SQL host. */
export type Target = 'engine' | 'desktop' | 'renderer'

const root = join(import.meta.dirname, '..')
const sources: Record<Target, readonly string[]> = {
  engine: ['shared', 'electron'],
  desktop: ['shared', 'electron'],
  renderer: ['shared', 'renderer'],
}
/** Stays outside the bundles: native code, and what Electron brings along. */
const external = ['electron', '@duckdb/node-api', 'bufferutil', 'utf-8-validate']

const nodeBundle: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  external,
  sourcemap: 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  outExtension: { '.js': '.mjs' },
  // Packages in CommonJS ask for `require`, which a module does not have by itself.
  banner: {
    js: "import { createRequire as dagwrightRequire } from 'node:module'; const require = dagwrightRequire(import.meta.url);",
  },
}

const builders: Record<Target, () => Promise<unknown>> = {
  engine: () =>
    esbuild({
      ...nodeBundle,
      entryPoints: {
        cli: join(root, 'electron/hosts/cli/start.ts'),
        commands: join(root, 'electron/hosts/cli/main.ts'),
        spawner: join(root, 'electron/spawner/main.ts'),
        sql: join(root, 'electron/sql/main.ts'),
        parser: join(root, 'electron/parser/main.ts'),
        draws: join(root, 'electron/hosts/cli/draws-worker.ts'),
      },
      outdir: join(root, 'dist'),
    }),
  desktop: async () => {
    await esbuild({
      ...nodeBundle,
      entryPoints: { main: join(root, 'electron/main/main.ts') },
      outdir: join(root, 'dist/desktop'),
    })
    // A sandboxed preload must be one CommonJS file.
    await esbuild({
      ...nodeBundle,
      banner: {},
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      entryPoints: { preload: join(root, 'electron/preload/preload.ts') },
      outdir: join(root, 'dist/desktop'),
    })
  },
  renderer: async () => {
    const { build } = await import('vite')
    await build({ configFile: join(root, 'renderer/vite.config.ts'), logLevel: 'error' })
  },
}

function newestChange(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) =>
      entry.isDirectory() ? !entry.name.startsWith('.') && entry.name !== 'samples' : !entry.name.includes('.test.'),
    )
    .reduce((newest, entry) => Math.max(newest, newestChange(join(path, entry.name))), 0)
}

const stampOf = (target: Target) => join(root, 'dist', `.${target}.stamp`)

/** True where nothing that goes into the target has changed since it was last built (or where there are no sources to build from). */
export function isFresh(target: Target): boolean {
  if (!existsSync(join(root, 'electron/hosts/cli/main.ts'))) return true
  const stamp = statSync(stampOf(target), { throwIfNoEntry: false })
  if (!stamp) return false
  const inputs = [
    ...sources[target].map((folder) => join(root, folder)),
    join(root, 'package-lock.json'),
    import.meta.filename,
  ]
  return inputs.every((path) => newestChange(path) <= stamp.mtimeMs)
}

/** Builds the target unless it is fresh; returns whether it had to. Throws with the bundler's own message. */
export async function ensure(target: Target): Promise<boolean> {
  if (isFresh(target)) return false
  const began = new Date()
  await builders[target]()
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stampOf(target), began.toISOString())
  return true
}

if (import.meta.main) {
  const asked = process.argv.slice(2) as Target[]
  for (const target of asked.length > 0 ? asked : (['engine', 'desktop', 'renderer'] as const)) {
    const began = performance.now()
    const built = await ensure(target)
    console.log(
      `${target.padEnd(9)} ${built ? `built in ${((performance.now() - began) / 1000).toFixed(1)} s` : 'up to date'}`,
    )
  }
}
