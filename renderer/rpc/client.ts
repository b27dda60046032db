import { type ClientContext, type ClientLink, createORPCClient } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { isConnectionError } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { contractSerializers } from '#shared/contract/serializers.ts'
import { watchingLink } from '#shared/contract/watching.ts'

/** `refused`: the host is there but this page lacks its token; only opening the printed URL again helps. */
export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused'

export interface Connection {
  readonly client: ContractClient
  /**
   * Fits `useSyncExternalStore`. After a `lost` that became `open` again, `runs.watch` and `runs.log` have gone on by
   * themselves; everything else that was streaming has to be asked for again.
   */
  readonly status: { get(): ConnectionStatus; subscribe(listener: () => void): () => void }
  close(): void
}

/**
 * The app's one connection to its host: on the desktop (`app://`) the port the preload hands over, else a WebSocket to
 * where the page came from. Resolves at once; calls wait for the connection.
 */
export function connect(): Connection {
  return location.protocol === 'app:' ? connectDesktop() : connectWeb(`ws://${location.host}/rpc`)
}

/** How long a call waits for a connection that is being made again before it fails. */
const CALL_PATIENCE_MILLISECONDS = 15_000
const FIRST_RETRY_MILLISECONDS = 250
const LAST_RETRY_MILLISECONDS = 5000

/** What the preload sends with the port: `window.postMessage(PORT_MESSAGE, origin, [port])`. */
const PORT_MESSAGE = 'dagwright:port'

class Status {
  #value: ConnectionStatus = 'connecting'
  readonly #listeners = new Set<() => void>()

  readonly get = (): ConnectionStatus => this.#value

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(value: ConnectionStatus): void {
    if (value === this.#value) return
    this.#value = value
    for (const listener of this.#listeners) listener()
  }
}

function connectDesktop(): Connection {
  const status = new Status()
  let port: MessagePort | null = null
  const link = new Promise<ClientLink<ClientContext>>((resolve) => {
    const receive = (event: MessageEvent) => {
      const received = event.ports[0]
      if (event.source !== window || event.data !== PORT_MESSAGE || !received) return
      window.removeEventListener('message', receive)
      port = received
      port.addEventListener('close', () => status.set('lost'))
      resolve(new MessagePortLink({ port, customJsonSerializers: contractSerializers }))
      port.start()
      status.set('open')
    }
    window.addEventListener('message', receive)
  })
  return {
    client: clientOver({ call: async (path, input, options) => (await link).call(path, input, options) }),
    status,
    close: () => port?.close(),
  }
}

function connectWeb(url: string): Connection {
  const line = new WebLine(url)
  return {
    client: clientOver({ call: async (path, input, options) => (await line.link()).call(path, input, options) }),
    status: line.status,
    close: () => line.close(),
  }
}

function clientOver(link: ClientLink<ClientContext>): ContractClient {
  return createORPCClient(watchingLink(link, pause, isConnectionError))
}

/** Resolves after the milliseconds, and at once when the call is aborted. */
function pause(milliseconds: number, { signal }: { signal?: AbortSignal }): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}

/** A WebSocket that is made anew when it breaks. */
class WebLine {
  readonly status = new Status()
  readonly #url: string
  #socket: WebSocket | null = null
  #link: ClientLink<ClientContext> | null = null
  #retry = FIRST_RETRY_MILLISECONDS
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(url: string) {
    this.#url = url
    this.#open()
    // A laptop that wakes, a cable plugged in: no reason to wait for the timer.
    window.addEventListener('online', this.#openNow)
    document.addEventListener('visibilitychange', this.#openNow)
  }

  /** The link of the open socket. Rejects where there is none for long, or never will be. */
  link(): Promise<ClientLink<ClientContext>> {
    if (this.#link) return Promise.resolve(this.#link)
    return new Promise((resolve, reject) => {
      const finish = () => {
        const state = this.status.get()
        if (this.#link) resolve(this.#link)
        else if (state === 'refused' || this.#closed) reject(new Error('There is no connection to Dagwright.'))
        else return
        leave()
      }
      const leave = () => {
        clearTimeout(timer)
        unsubscribe()
      }
      const unsubscribe = this.status.subscribe(finish)
      const timer = setTimeout(() => {
        leave()
        reject(new Error('There is no connection to Dagwright.'))
      }, CALL_PATIENCE_MILLISECONDS)
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    window.removeEventListener('online', this.#openNow)
    document.removeEventListener('visibilitychange', this.#openNow)
    this.#socket?.close()
    this.status.set('lost')
  }

  readonly #openNow = (): void => {
    if (this.#socket || this.#closed || this.status.get() === 'refused') return
    clearTimeout(this.#timer)
    this.#open()
  }

  #open(): void {
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      this.#retry = FIRST_RETRY_MILLISECONDS
      this.#link = new WebSocketLink({ websocket: socket, customJsonSerializers: contractSerializers })
      this.status.set('open')
    })
    socket.addEventListener('close', () => {
      this.#socket = null
      this.#link = null
      if (this.#closed) return
      this.status.set('lost')
      this.#timer = setTimeout(() => void this.#reopen(), this.#retry)
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY_MILLISECONDS)
    })
  }

  /** A browser does not say why a WebSocket failed; a plain request tells a stopped host from a wrong token. */
  async #reopen(): Promise<void> {
    const status = await fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
      (answer) => answer.status,
      () => null,
    )
    if (this.#closed || this.#socket) return
    if (status === 401) return this.status.set('refused')
    this.#open()
  }
}
