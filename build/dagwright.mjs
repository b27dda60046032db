#!/usr/bin/env node
// Starts the command line on the pinned Node, building it first where the sources are newer.
// Plain JavaScript: it must run on whatever Node the machine has.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const major = Number(process.versions.node.split('.')[0])

if (major >= 24) {
  if (existsSync(join(root, 'electron', 'hosts'))) {
    const { ensure } = await import('./bundle.ts')
    await ensure('engine')
    if (process.argv[2] === 'serve') await ensure('renderer')
  }
  await import('../dist/cli.mjs')
} else if (existsSync(pinned)) {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the child by itself, as it shares the terminal; this process only waits for its answer.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
} else {
  console.error(
    `Dagwright needs Node 24 or newer; this is Node ${process.versions.node}. Run "npm ci" here, which brings it along.`,
  )
  process.exitCode = 2
}
