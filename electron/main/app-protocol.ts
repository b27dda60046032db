import { readFile } from 'node:fs/promises'
import { contentType, resolveInside } from '#electron/hosts/web-files.ts'
import { APP_ORIGIN } from './app-address.ts'

/** Monaco and React Flow set inline styles; nothing else is inline, and nothing comes from outside. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Answers `app://dagwright/…` from the folder of the built renderer, and nothing else. */
export function appProtocol(rendererFolder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    const path =
      `${url.protocol}//${url.host}` === APP_ORIGIN ? await resolveInside(rendererFolder, url.pathname) : null
    if (path === null) return new Response('There is no such file here.\n', { status: 404 })
    return new Response(await readFile(path), {
      headers: {
        'Content-Type': contentType(path),
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
      },
    })
  }
}
