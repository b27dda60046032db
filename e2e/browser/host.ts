import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { DIST, type Workspace } from '../workspace.ts'

const GRACE_MS = 15_000

/** The real web host, serving one workspace. */
export interface Host {
  readonly pid: number
  /** With its token. */
  readonly url: string
  /** What it said on standard error so far. */
  complaints(): string
  stop(): Promise<void>
}

export async function startHost(workspace: Workspace): Promise<Host> {
  const child = spawn(process.execPath, [join(DIST, 'cli.mjs'), 'serve', workspace.root], {
    env: { ...process.env, DAGWRIGHT_HOME: workspace.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const url = await addressOf(child, () => complaints)
  return { pid: child.pid!, url, complaints: () => complaints, stop: () => ended(child) }
}

function addressOf(child: ChildProcess, complaints: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /http:\/\/\S+/.exec(said)?.[0]
      if (url) resolve(url)
    })
    child.on('exit', (code) => reject(new Error(`The host ended with ${code} before it listened:\n${complaints()}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  child.kill('SIGTERM')
  const killing = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await exit
  clearTimeout(killing)
}
