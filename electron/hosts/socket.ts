import { chmod, mkdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket, WebSocketServer } from 'ws'
import { type Caller, PAGE, TERMINAL } from '#electron/api/caller.ts'
import { isConnectionError } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { contractSerializers } from '#shared/contract/serializers.ts'
import { watchingLink } from '#shared/contract/watching.ts'
import { type AnyRouter, MESSAGE_LIMIT, rpcHandlerFor, serveConnection } from './connection.ts'
import { pauseForCall } from './pause.ts'

const CONNECT_MILLISECONDS = 3000
/** Not imported: as a module it would load the whole of `fetch` for one of its exports, 45 ms of every command. */
const { createServer } = process.getBuiltinModule('node:http')

/**
 * The private door of the process that owns a workspace's engine: a local socket (a named pipe on Windows) in a folder
 * only this user can enter. Browsers can't reach it, so the path a client asks for may say who it speaks for.
 */
const CALLERS: ReadonlyMap<string, Caller> = new Map([
  ['/page', PAGE],
  ['/terminal', TERMINAL],
])

export interface SocketHost {
  readonly path: string
  close(): Promise<void>
}

/** Listens on `path`, replacing what a dead process left there. Rejects with the system's error. */
export async function serveSocket(router: AnyRouter, path: string): Promise<SocketHost> {
  const handler = rpcHandlerFor(router)
  const http = createServer((_request, response) => response.writeHead(404).end())
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT, perMessageDeflate: false })
  http.on('upgrade', (request, stream, head) => {
    const caller = CALLERS.get(request.url ?? '')
    if (!caller || request.headers.origin !== undefined) {
      stream.destroy()
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => serveConnection(handler, socket, caller))
  })
  const isFile = process.platform !== 'win32'
  if (isFile) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await rm(path, { force: true })
  }
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(path, resolve)
  })
  if (isFile) await chmod(path, 0o600)
  // The door must not keep a process alive that has nothing else to do.
  http.unref()
  return {
    path,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((resolve) => http.close(resolve))
      if (isFile) await rm(path, { force: true })
    },
  }
}

export interface SocketClient {
  readonly client: ContractClient
  readonly closed: Promise<void>
  close(): void
}

/** Rejects where nobody listens on `path`. */
export async function connectSocket(path: string, caller: Caller): Promise<SocketClient> {
  const socket = new WebSocket(`ws://localhost/${caller.typedByPerson ? 'terminal' : 'page'}`, {
    createConnection: () => connect(path),
    maxPayload: MESSAGE_LIMIT,
    perMessageDeflate: false,
    handshakeTimeout: CONNECT_MILLISECONDS,
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => socket.terminate())
  const link = new RPCLink({ websocket: socket as never, customJsonSerializers: contractSerializers })
  // A lost owner is final for this client: whoever holds it looks for the new one.
  const reconnects = (error: unknown) => isConnectionError(error) && socket.readyState === socket.OPEN
  return {
    client: createORPCClient(watchingLink(link, pauseForCall, reconnects)),
    closed,
    close: () => socket.close(),
  }
}
