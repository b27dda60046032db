import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { PAGE } from '#electron/api/caller.ts'
import type { ArtifactGate } from './artifact-gate.ts'
import { type AnyRouter, MESSAGE_LIMIT, rpcHandlerFor, serveConnection } from './connection.ts'
import { sendArtifact, sendRendererFile } from './web-files.ts'

const ADDRESS = '127.0.0.1'
/** Not imported: see socket.ts. */
const { createServer } = process.getBuiltinModule('node:http')

export interface WebHostOptions {
  readonly router: AnyRouter
  readonly artifacts: ArtifactGate
  /** Absolute path of the built renderer. */
  readonly rendererFolder: string
  /** 0: a free one. */
  readonly port: number
}

export interface WebHost {
  readonly port: number
  /** With the token: whoever has it can use this host. */
  readonly url: string
  readonly token: string
  close(): Promise<void>
}

/**
 * The loopback host: the app's files over HTTP and the contract over a WebSocket at /rpc. Reachable from this machine
 * only; every request must name this host exactly (DNS rebinding), carry the token of this start, and, where a browser
 * sends an Origin, come from the app itself. Rejects with the system's error where the port is taken.
 */
export async function serveWeb({ router, artifacts, rendererFolder, port }: WebHostOptions): Promise<WebHost> {
  const token = randomBytes(32).toString('base64url')
  // oRPC asks for it with the first message, and Node then loads its whole HTTP client: rather while nobody waits yet.
  Reflect.get(globalThis, 'FormData')
  const http = createServer({ requestTimeout: 30_000 })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, ADDRESS, resolve)
  })
  const bound = (http.address() as AddressInfo).port
  const gate = new Gate(bound, token)
  const policy = contentSecurityPolicy(bound)

  http.on('request', (request, response) => {
    void answer(request, response, { gate, artifacts, rendererFolder, policy }).catch(() => response.destroy())
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_LIMIT, perMessageDeflate: false })
  const handler = rpcHandlerFor(router)
  http.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy())
    const refusal = gate.refuseUpgrade(request)
    if (refusal !== null) {
      stream.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => serveConnection(handler, socket, PAGE))
  })

  return {
    port: bound,
    token,
    url: `http://${ADDRESS}:${bound}/?token=${token}`,
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'The host is stopping.')
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeIdleConnections()
      const slow = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
        http.closeAllConnections()
      }, 1000)
      await closed
      clearTimeout(slow)
    },
  }
}

interface Site {
  readonly gate: Gate
  readonly artifacts: ArtifactGate
  readonly rendererFolder: string
  readonly policy: string
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  const { gate } = site
  if (!gate.hostIsRight(request)) return refuse(response, 421, 'This host answers only under its own address.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is served.')
  const url = new URL(request.url ?? '/', 'http://localhost')
  const artifact = site.artifacts.resolve(url.pathname)
  if (artifact !== null) return sendArtifact(request, response, artifact)
  if (!gate.originIsRight(request, false)) return refuse(response, 403, 'This page may not use Dagwright.')

  const offered = url.searchParams.get('token')
  if (offered !== null) {
    if (!gate.tokenIsRight(offered)) return refuse(response, 401, WRONG_TOKEN)
    url.searchParams.delete('token')
    response.setHeader('Set-Cookie', gate.cookie())
    response.setHeader('Cache-Control', 'no-store')
    response.writeHead(303, { Location: `${url.pathname}${url.search}` }).end()
    return
  }
  if (!gate.cookieIsRight(request)) return refuse(response, 401, WRONG_TOKEN)
  response.setHeader('Content-Security-Policy', site.policy)
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  return sendRendererFile(request, response, site.rendererFolder, url.pathname)
}

const WRONG_TOKEN =
  'This address needs the token of the running Dagwright. Open the whole URL that it printed when it started.'

function refuse(response: ServerResponse, status: number, message: string): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  response.writeHead(status).end(`${message}\n`)
}

/** Who gets in. Tokens are compared through their hashes, so that neither length nor content leaks by time. */
class Gate {
  readonly #host: string
  readonly #origin: string
  readonly #token: string
  readonly #tokenHash: Buffer
  /** Cookies know no ports: the name keeps two hosts of one machine apart. */
  readonly #cookieName: string

  constructor(port: number, token: string) {
    this.#host = `${ADDRESS}:${port}`
    this.#origin = `http://${this.#host}`
    this.#token = token
    this.#tokenHash = hash(token)
    this.#cookieName = `dagwright-${port}`
  }

  cookie(): string {
    return `${this.#cookieName}=${this.#token}; Path=/; HttpOnly; SameSite=Strict`
  }

  hostIsRight(request: IncomingMessage): boolean {
    return request.headers.host === this.#host
  }

  /** Browsers always send an Origin with a WebSocket; with a plain navigation they do not. */
  originIsRight(request: IncomingMessage, required: boolean): boolean {
    const { origin } = request.headers
    return origin === undefined ? !required : origin === this.#origin
  }

  tokenIsRight(offered: string): boolean {
    return timingSafeEqual(hash(offered), this.#tokenHash)
  }

  cookieIsRight(request: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
    return pairs.some((pair) => pair.startsWith(prefix) && this.tokenIsRight(pair.slice(prefix.length)))
  }

  /** The status to refuse an upgrade with; null to let it in. */
  refuseUpgrade(request: IncomingMessage): number | null {
    if (!this.hostIsRight(request)) return 421
    if (request.url !== '/rpc') return 404
    if (!this.originIsRight(request, true)) return 403
    return this.cookieIsRight(request) ? null : 401
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Monaco and React Flow set inline styles; Monaco's and the layout's workers may start from blobs; CEL and lineage use wasm. */
function contentSecurityPolicy(port: number): string {
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${ADDRESS}:${port}`,
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
