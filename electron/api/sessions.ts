import { isAbsolute } from 'node:path'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { AppError } from '#shared/contract/error.ts'
import { SHUTTING_DOWN } from './owner.ts'
import type { HostPorts } from './ports.ts'
import { WorkspaceSession } from './session.ts'

/** The open workspaces of a host, by root. They stay open until the host ends. */
export class Sessions {
  readonly #ports: HostPorts
  readonly #byRoot = new Map<string, WorkspaceSession>()
  #disposing = false

  constructor(ports: HostPorts) {
    this.#ports = ports
  }

  /** `path`: a folder or a pipeline file, absolute. */
  async open(path: string): Promise<{ session: WorkspaceSession; file: string | null }> {
    if (!isAbsolute(path)) {
      throw new AppError({
        code: 'BAD_INPUT',
        message: `"${path}" is not a whole path.`,
        next: 'Give the path from the root of the disk.',
      })
    }
    const store = await this.#ports.openStore(path)
    return { session: this.#sessionOf(store), file: store.file }
  }

  /** The workspace a call names. `root` is what `open` returned, perhaps to a page that outlived its host. */
  async get(root: string): Promise<WorkspaceSession> {
    const open = this.#byRoot.get(root)
    if (open) return open
    const unknown = () =>
      new AppError({
        code: 'NO_WORKSPACE',
        message: 'This workspace is not open.',
        where: root,
        next: 'Open it again.',
      })
    if (!isAbsolute(root)) throw unknown()
    const store = await this.#ports.openStore(root)
    if (store.root !== root) throw unknown()
    return this.#sessionOf(store)
  }

  /** How many runs this host's engines are driving, or are about to. */
  get liveRuns(): number {
    let sum = 0
    for (const session of this.#byRoot.values()) sum += session.live.size + session.owner.working
    return sum
  }

  /** Until it is done, what is open can still be read: whoever watched a run here sees its end. */
  async dispose(): Promise<void> {
    this.#disposing = true
    await Promise.allSettled([...this.#byRoot.values()].map((session) => session.dispose()))
    this.#byRoot.clear()
  }

  #sessionOf(store: WorkspaceStore): WorkspaceSession {
    const open = this.#byRoot.get(store.root)
    if (open) return open
    // A session made now would not know that the process is going, and take the workspace for itself again.
    if (this.#disposing) throw new AppError(SHUTTING_DOWN)
    const session = new WorkspaceSession(store, this.#ports)
    this.#byRoot.set(store.root, session)
    return session
  }
}
