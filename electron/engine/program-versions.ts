import { execFile } from 'node:child_process'
import type { Program } from './kinds/program.ts'

const PATIENCE_MILLISECONDS = 10_000
/** They have no way to say it that is cheap, or that others share. */
const SILENT: ReadonlySet<string> = new Set(['sh', 'cmd', 'powershell'])

/** What programs say of their version, asked once each for the life of an engine. */
export class ProgramVersions {
  private readonly known = new Map<string, Promise<string | null>>()
  private readonly environment: Readonly<Record<string, string>>

  /** `environment`: what a program is started with. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.environment = environment
  }

  /** The first line it prints for `--version`; null where it does not say. Never rejects. */
  of({ name, path }: Program): Promise<string | null> {
    const known = this.known.get(path)
    if (known !== undefined) return known
    const asked = SILENT.has(name) ? Promise.resolve(null) : ask(path, this.environment)
    this.known.set(path, asked)
    return asked
  }
}

function ask(path: string, environment: Readonly<Record<string, string>>): Promise<string | null> {
  return new Promise((resolve) => {
    const env = { ...environment, ELECTRON_RUN_AS_NODE: '1' }
    const options = { timeout: PATIENCE_MILLISECONDS, windowsHide: true, env }
    execFile(path, ['--version'], options, (error, stdout, stderr) => {
      const line = (stdout || stderr).split('\n')[0]!.trim().slice(0, 200)
      resolve(error !== null || line === '' ? null : line)
    })
  })
}
