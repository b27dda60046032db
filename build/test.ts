import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumForTests } from './chromium.ts'
import { electronBinary } from './electron-binary.ts'
import { placeSampleData } from './sample-data.ts'

/**
 * `npm test`: every check, in the order in which they are cheapest to fail. `npm test -- unit browser` runs only those.
 * Ends with "N passed, N failed, N skipped".
 */
const root = join(import.meta.dirname, '..')
const reports = join(root, 'node_modules/.cache/test-reports')
const bin = (name: string) => join(root, 'node_modules', name)

interface Tally {
  passed: number
  failed: number
  skipped: number
}

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** A check that either holds or does not. */
const check =
  (script: string, ...args: string[]) =>
  async (): Promise<Tally> => {
    const code = await run(script, args)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  }

function readReport<T>(name: string): T | null {
  const path = join(reports, name)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null
}

async function unit(): Promise<Tally> {
  const code = await run(bin('vitest/vitest.mjs'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, 'unit.json')}`,
  ])
  const report = readReport<{ numPassedTests: number; numFailedTests: number; numPendingTests: number }>('unit.json')
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // A file that cannot even be loaded fails no test, only the process.
  const failed = code !== 0 && report.numFailedTests === 0 ? 1 : report.numFailedTests
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests }
}

async function playwright(project: 'browser' | 'electron', env: NodeJS.ProcessEnv): Promise<Tally> {
  const report = `${project}.json`
  const code = await run(
    bin('@playwright/test/cli.js'),
    ['test', '--config', 'e2e/playwright.config.ts', '--project', project],
    {
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, report),
    },
  )
  const stats = readReport<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(
    report,
  )?.stats
  if (!stats) return { passed: 0, failed: 1, skipped: 0 }
  const failed = code !== 0 && stats.unexpected === 0 ? 1 : stats.unexpected
  return { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped }
}

async function browser(): Promise<Tally> {
  const chromium = await chromiumForTests()
  if (!chromium) {
    console.log(
      'No Chromium to test with. Install one (Debian: "apt-get install chromium"; elsewhere: "npx playwright install chromium"), or set DAGWRIGHT_CHROMIUM to its path.',
    )
    return { passed: 0, failed: 1, skipped: 0 }
  }
  return playwright('browser', { DAGWRIGHT_CHROMIUM: chromium })
}

async function desktop(): Promise<Tally> {
  const binary = electronBinary({ fetch: true })
  if (!binary) {
    console.log(
      'Skipped: the Electron binary is not here and cannot be fetched. The shell was tested with the fake only (electron/main).',
    )
    return { passed: 0, failed: 0, skipped: 1 }
  }
  return playwright('electron', { DAGWRIGHT_ELECTRON: binary })
}

const stages: Record<string, () => Promise<Tally>> = {
  types: async () => {
    const codes = await Promise.all(
      [
        ['shared', 'renderer'],
        ['electron', 'electron/preload', 'e2e'],
      ].map(async (rooms) => {
        const results: number[] = []
        for (const room of rooms) results.push(await run(bin('typescript/bin/tsc'), ['-p', room]))
        return results
      }),
    )
    const failed = codes.flat().filter((code) => code !== 0).length
    return { passed: 5 - failed, failed, skipped: 0 }
  },
  format: check(bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'),
  lint: check(bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'),
  layers: check(join(root, 'build/check-layers.ts')),
  'dead code': check(bin('knip/bin/knip.js'), '--no-progress'),
  build: check(join(root, 'build/bundle.ts')),
  unit,
  browser,
  electron: desktop,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in stages))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(stages).join(', ')}.`)
  process.exit(2)
}

placeSampleData()
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const total: Tally = { passed: 0, failed: 0, skipped: 0 }
const lines: string[] = []
for (const [name, stage] of Object.entries(stages)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n── ${name}`)
  const began = performance.now()
  const tally = await stage()
  total.passed += tally.passed
  total.failed += tally.failed
  total.skipped += tally.skipped
  lines.push(
    `${tally.failed > 0 ? 'FAILED' : 'ok    '}  ${name.padEnd(10)} ${String(tally.passed).padStart(5)} passed ${String(tally.failed).padStart(3)} failed ${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s`,
  )
}
console.log(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0
