import { createReadStream } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.woff2', 'font/woff2'],
  ['.woff', 'font/woff'],
  ['.ttf', 'font/ttf'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.gif', 'image/gif'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.log', 'text/plain; charset=utf-8'],
  ['.md', 'text/plain; charset=utf-8'],
  ['.csv', 'text/plain; charset=utf-8'],
  ['.pdf', 'application/pdf'],
])

export function contentType(path: string): string {
  return TYPES.get(extname(path).toLowerCase()) ?? 'application/octet-stream'
}

/** Vite writes files whose name holds their hash into this folder. */
const HASHED = '/assets/'

/** Sends a file of the built app, and nothing outside `folder`, whatever the path says or links lead to. */
export async function sendRendererFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  urlPath: string,
): Promise<void> {
  const path = await resolveInside(folder, urlPath === '/' ? '/index.html' : urlPath)
  if (path === null) return notFound(response)
  const lasting = urlPath.startsWith(HASHED)
  response.setHeader('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
  return sendFile(request, response, path)
}

/**
 * Sends a file a run made. It is someone else's page: `sandbox` gives it an origin of its own, so that it reaches
 * neither the API nor the app's cookie, and the rest keeps it off the network.
 */
export async function sendArtifact(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  response.setHeader(
    'Content-Security-Policy',
    "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; frame-ancestors 'self'",
  )
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cache-Control', 'no-store')
  return sendFile(request, response, path)
}

/** The real path of a file of the built app; null for whatever is not there or lies outside `folder`. */
export async function resolveInside(folder: string, urlPath: string): Promise<string | null> {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  try {
    const root = await realpath(folder)
    const path = await realpath(join(root, decoded))
    return path.startsWith(root + sep) ? path : null
  } catch {
    return null
  }
}

async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const file = await open(path).catch(() => null)
  if (file === null) return notFound(response)
  try {
    const facts = await file.stat()
    if (!facts.isFile()) return notFound(response)
    response.setHeader('Content-Type', contentType(path))
    response.setHeader('Content-Length', facts.size)
    response.writeHead(200)
    if (request.method === 'HEAD' || facts.size === 0) {
      response.end()
      return
    }
    // `end` holds the answer to the length it promised, though the file may grow meanwhile.
    const bytes = createReadStream('', { fd: file, end: facts.size - 1, autoClose: false })
    await pipeline(bytes, response)
  } finally {
    await file.close()
  }
}

function notFound(response: ServerResponse): void {
  response.removeHeader('Cache-Control')
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.writeHead(404).end('There is no such file here.\n')
}
