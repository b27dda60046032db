import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { LockHolder } from '#electron/store/lock.ts'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { appErrorOf, isConnectionError } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import type { Caller } from './caller.ts'
import type { Claim, OwnerConnection, Ownership } from './ports.ts'

/** An owner that opens its door, or puts its engine away, on a busy machine: some seconds. */
const CONNECT_TRIES = 20
const CONNECT_PAUSE_MILLISECONDS = 250
/** An owner that says it is going puts away what it still ran, which takes as long as that takes to end. */
const FORWARD_TRIES = 240

/** Whoever gets this looks for the next owner, or reads the disk: see `through` and `read`. */
export const SHUTTING_DOWN: AppErrorData = {
  code: 'ENGINE_FAILED',
  message: 'Dagwright is shutting down.',
  next: 'Try again.',
  details: { shuttingDown: true },
}

export function isGoingAway(error: unknown): boolean {
  return isConnectionError(error) || appErrorOf(error)?.details?.shuttingDown === true
}

/**
 * Finds out who runs this workspace's engine: this process, another one (then its client), or nobody. The lock is taken
 * by the first run only; reading never needs it.
 */
export class Owner {
  readonly #store: WorkspaceStore
  readonly #ownership: Ownership
  #acquiring: ReturnType<Ownership['acquire']> | null = null
  #held: Claim | null = null
  /** By caller: the owner trusts a terminal otherwise than a page. */
  readonly #connections = new Map<Caller, OwnerConnection>()
  /** What is being done here as the owner: a run that is about to begin is not in the engine yet. */
  readonly #working = new Set<Promise<unknown>>()
  #closing = false

  constructor(store: WorkspaceStore, ownership: Ownership) {
    this.#store = store
    this.#ownership = ownership
  }

  /** True where another process was the owner when last looked at. */
  get shared(): boolean {
    return this.#connections.size > 0
  }

  /** How many calls of `through` are at work in this process. */
  get working(): number {
    return this.#working.size
  }

  /** The owner's api, or null where this process is the owner, nobody is, or the owner cannot be reached. */
  async remote(caller: Caller): Promise<ContractClient | null> {
    if (this.#held) return null
    const open = this.#connections.get(caller)
    if (open) return open.client
    const holder = await this.#ownership.holder(this.#store)
    if (!holder) return null
    return this.#connect(holder, caller).catch(() => null)
  }

  /**
   * Makes this process the owner (null), or gives the api of the one that is.
   * Throws WORKSPACE_BUSY where the owner cannot be reached.
   */
  async claim(caller: Caller): Promise<ContractClient | null> {
    if (this.#closing) throw new AppError(SHUTTING_DOWN)
    if (this.#held) return null
    const open = this.#connections.get(caller)
    if (open) return open.client
    for (let left = CONNECT_TRIES; ; left--) {
      const outcome = await this.#acquire()
      if ('claim' in outcome) {
        this.#held = outcome.claim
        return null
      }
      const client = await this.#connect(outcome.holder, caller).catch(() => null)
      if (client) return client
      if (left === 1) throw busy(this.#store, outcome.holder)
      // The owner may be between taking the lock and opening its door, or just going: then there is soon another, or none.
      await pause(CONNECT_PAUSE_MILLISECONDS)
      if (this.#closing) throw new AppError(SHUTTING_DOWN)
      if (this.#held) return null
    }
  }

  #acquire(): ReturnType<Ownership['acquire']> {
    this.#acquiring ??= this.#ownership.acquire(this.#store).finally(() => {
      this.#acquiring = null
    })
    return this.#acquiring
  }

  /**
   * Does `here` where this process is (or becomes) the owner, else `there`. Where the owner goes away in that moment the
   * next one is looked for, which may be this process.
   */
  async through<T>(caller: Caller, there: (owner: ContractClient) => Promise<T>, here: () => Promise<T>): Promise<T> {
    for (let left = FORWARD_TRIES; ; left--) {
      const owner = await this.claim(caller)
      if (!owner) return this.#work(here)
      try {
        return await there(owner)
      } catch (error) {
        if (left === 1 || !isGoingAway(error)) throw error
        await pause(CONNECT_PAUSE_MILLISECONDS)
      }
    }
  }

  /**
   * What the owner says, as it knows what is live; `here`, from the disk, where there is none, it cannot be reached, or it
   * goes away in that moment.
   */
  async read<T>(caller: Caller, there: (owner: ContractClient) => Promise<T>, here: () => Promise<T>): Promise<T> {
    const owner = await this.remote(caller)
    if (!owner) return here()
    try {
      return await there(owner)
    } catch (error) {
      if (!isGoingAway(error)) throw error
      return here()
    }
  }

  async #work<T>(here: () => Promise<T>): Promise<T> {
    // It may have been closed since it was claimed.
    if (this.#closing) throw new AppError(SHUTTING_DOWN)
    const work = here()
    this.#working.add(work)
    try {
      return await work
    } finally {
      this.#working.delete(work)
    }
  }

  /** From now on nothing new is started here. Resolves once what was being started is. */
  async close(): Promise<void> {
    this.#closing = true
    await Promise.allSettled(this.#working)
  }

  async dispose(): Promise<void> {
    await this.close()
    const outcome = await this.#acquiring?.catch(() => null)
    if (outcome && 'claim' in outcome) this.#held = outcome.claim
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
    await this.#held?.release()
    this.#held = null
  }

  async #connect(holder: LockHolder, caller: Caller): Promise<ContractClient> {
    const connection = await this.#ownership.connect(this.#store, holder, caller)
    const raced = this.#connections.get(caller)
    if (raced) {
      connection.close()
      return raced.client
    }
    this.#connections.set(caller, connection)
    void connection.closed.then(() => {
      if (this.#connections.get(caller) === connection) this.#connections.delete(caller)
    })
    return connection.client
  }
}

function busy(store: WorkspaceStore, holder: LockHolder): AppError {
  return new AppError({
    code: 'WORKSPACE_BUSY',
    message: `${holder.label} (process ${holder.pid} on ${holder.host}) is using the workspace and does not answer.`,
    where: store.root,
    next: `Close it there, then try again. If that computer no longer runs it, delete the folder ${join(store.stateFolder, 'lock')}.`,
    details: { pid: holder.pid, host: holder.host, since: holder.since },
  })
}
