import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { PAGE, TERMINAL } from '#electron/api/caller.ts'
import { createEngine } from '#electron/engine/engine.ts'
import type { Engine, RunRequest } from '#electron/engine/ports.ts'
import { isConnectionError } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { contractSerializers } from '#shared/contract/serializers.ts'
import { watchingLink } from '#shared/contract/watching.ts'
import type { JournalBody, JournalEvent } from '#shared/journal/event.ts'
import { connectInProcess } from './in-process.ts'
import { messagePortHost } from './message-port.ts'
import { pauseForCall } from './pause.ts'
import { placesOf } from './places.ts'
import { createHost, type Host } from './serve.ts'
import { connectSocket, serveSocket } from './socket.ts'
import { serveWeb } from './web.ts'

/** One way to reach the contract. `close` ends the client's side first, then the server's. */
export interface Transport {
  readonly name: string
  connect(host: Host, folder: string): Promise<{ client: ContractClient; close(): Promise<void> }>
}

export const TRANSPORTS: readonly Transport[] = [
  {
    name: 'in-process',
    async connect(host) {
      return { client: connectInProcess(host.router, PAGE), close: async () => undefined }
    },
  },
  {
    name: 'message port',
    async connect(host) {
      const { port1, port2 } = new MessageChannel()
      messagePortHost(host.router, PAGE).serve(port1)
      const link = new MessagePortLink({ port: port2, customJsonSerializers: contractSerializers })
      port1.start()
      port2.start()
      return {
        client: createORPCClient(watchingLink(link, pauseForCall, isConnectionError)),
        close: async () => port2.close(),
      }
    },
  },
  {
    name: 'web',
    async connect(host, folder) {
      const { router, artifacts } = host
      const web = await serveWeb({ router, artifacts, rendererFolder: join(folder, 'renderer'), port: 0 })
      const signedIn = await fetch(web.url, { redirect: 'manual' })
      const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
      const origin = new URL(web.url).origin
      const socket = new WebSocket(`ws://127.0.0.1:${web.port}/rpc`, { headers: { cookie, origin } })
      const link = new WebSocketLink({ websocket: socket as never, customJsonSerializers: contractSerializers })
      return {
        client: createORPCClient(watchingLink(link, pauseForCall, isConnectionError)),
        async close() {
          socket.close()
          await web.close()
        },
      }
    },
  },
  {
    name: 'socket',
    async connect(host, folder) {
      const path = join(folder, 'door.sock')
      const server = await serveSocket(host.router, path)
      const { client, close } = await connectSocket(path, PAGE)
      return {
        client,
        async close() {
          close()
          await server.close()
        },
      }
    },
  },
]

export interface Bench {
  readonly host: Host
  /** The workspace's root. */
  readonly root: string
  readonly folder: string
  /** Speaks as a person at a terminal: needs no trust. */
  readonly terminal: ContractClient
  /** What was logged as unexpected. A test that provokes nothing unexpected must leave it empty. */
  readonly logged: string[]
  put(path: string, text: string): Promise<void>
  close(): Promise<void>
}

/** A host over the real store and engine with a workspace of its own, in a temporary folder. */
export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'dagwright-contract-'))
  const root = join(folder, 'workspace')
  await mkdir(root)
  await writeFile(join(root, 'dagwright.yaml'), 'retention: { runs: 50 }\n')
  const logged: string[] = []
  const places = placesOf(join(import.meta.dirname, 'cli/main.ts'))
  const host = createHost({
    kind: 'test',
    label: 'a test',
    userData: join(folder, 'home'),
    samplesFolder: places.samples,
    entries: places,
    log: (line) => logged.push(line),
    createEngine: (stateFolder) => withFloods(realEngine(places, stateFolder)),
  })
  return {
    host,
    root,
    folder,
    logged,
    terminal: connectInProcess(host.router, TERMINAL),
    put: (path, text) => writeFile(join(root, path), text),
    async close() {
      await host.dispose()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The bench's workspace, open and trusted, as a page reaches it. */
export async function trustedPage({ host, root }: Bench): Promise<{ client: ContractClient; workspace: string }> {
  const client = connectInProcess(host.router, PAGE)
  const workspace = (await client.workspace.open({ path: root })).workspace.root
  await client.workspace.setTrust({ workspace, trusted: true })
  return { client, workspace }
}

function realEngine(places: { spawner: string; sql: string }, stateFolder: string): Engine {
  return createEngine({
    spawnerEntry: places.spawner,
    sqlEntry: places.sql,
    execPath: process.execPath,
    hostEnvironment: process.env,
    environment: process.env,
    stateFolder,
    graceMilliseconds: 500,
  })
}

export const FLOOD_EVENTS = 50_000
const FLOOD_BATCH = 1000

/** Runs of the pipeline `flood` are events by the thousand, as fast as the disk takes them; all others are real. */
function withFloods(engine: Engine): Engine {
  return {
    live: engine.live,
    preview: (request) => engine.preview(request),
    dispose: () => engine.dispose(),
    async start(request) {
      if (request.pipeline.id !== 'flood') return engine.start(request)
      return { run: request.header.run, cancel: () => undefined, mark: () => false, done: flood(request) }
    },
  }
}

async function flood({ header, pipeline, storage, onEvents }: RunRequest): Promise<{ state: 'success' }> {
  const task = pipeline.tasks[0]!.id
  let n = 0
  const write = async (bodies: readonly JournalBody[]) => {
    const events: JournalEvent[] = bodies.map((body) => ({ n: n++, t: n, ...body }))
    await storage.append(events)
    onEvents(events)
  }
  await write([header])
  while (n < FLOOD_EVENTS - 1) {
    const count = Math.min(FLOOD_BATCH, FLOOD_EVENTS - 1 - n)
    await write(Array.from({ length: count }, () => ({ type: 'queued', task, index: null })))
  }
  await write([{ type: 'ended', state: 'success', reason: null }])
  return { state: 'success' }
}
