import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const CLI = join(process.env.DAGWRIGHT_DIST ?? join(ROOT, 'dist'), 'cli.mjs')
export const SAMPLE = join(ROOT, 'shared/samples/flights')
const GRACE_MS = 15_000

/** Files by path; or the sample with its data. */
export type Contents = Readonly<Record<string, string | Buffer>> | 'sample'

/** A workspace in a temporary folder and the real web host that serves it. */
export interface Host {
  /** Absolute path of the workspace. */
  readonly root: string
  /** With its token. */
  readonly url: string
  /** What it said on standard error so far. */
  complaints(): string
  read(path: string): Promise<string>
  write(path: string, content: string | Buffer): Promise<void>
  remove(path: string): Promise<void>
  stop(): Promise<void>
}

export async function startHost(contents: Contents): Promise<Host> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-browser-')))
  const root = join(folder, 'work')
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  if (contents === 'sample') await cp(SAMPLE, root, { recursive: true })
  else {
    await mkdir(root)
    for (const [path, content] of Object.entries(contents)) await write(path, content)
  }
  const child = spawn(process.execPath, [CLI, 'serve', root], {
    env: { ...process.env, DAGWRIGHT_HOME: join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const url = await addressOf(child, () => complaints)
  return {
    root,
    url,
    complaints: () => complaints,
    read: (path) => readFile(join(root, path), 'utf8'),
    write,
    remove: (path) => rm(join(root, path), { recursive: true }),
    stop: async () => {
      await ended(child)
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
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
