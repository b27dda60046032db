import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { os } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Caller } from '#electron/api/caller.ts'
import { ArtifactGate } from './artifact-gate.ts'
import { serveWeb, type WebHost } from './web.ts'

let folder: string
let host: WebHost
let cookie: string
const artifacts = new ArtifactGate()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dagwright-web-'))
  const renderer = join(folder, 'renderer')
  await mkdir(join(renderer, 'assets'), { recursive: true })
  await writeFile(join(renderer, 'index.html'), '<title>app</title>')
  await writeFile(join(renderer, 'assets/app-abc123.js'), 'export {}')
  await writeFile(join(renderer, 'empty.txt'), '')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'report.html'), '<script>1</script>')
  await symlink(join(folder, 'secret.txt'), join(renderer, 'link.txt'))
  const router = os.$context<Caller>().router({ who: os.$context<Caller>().handler(({ context }) => context) })
  host = await serveWeb({ router, artifacts, rendererFolder: renderer, port: 0 })
  cookie = (await ask(`/?token=${host.token}`)).headers['set-cookie']![0]!.split(';')[0]!
})

afterAll(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: import('node:http').IncomingHttpHeaders
  readonly body: string
}

/** Node's own client, because `fetch` neither sends a chosen Host nor keeps `..` in a path. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    request.on('error', reject).end()
  })
}

const signedIn = () => ({ cookie })

describe('who gets in', () => {
  it('exchanges the token for a cookie and takes it out of the address', async () => {
    const answer = await ask(`/?token=${host.token}&file=a`)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/?file=a')
    const [set] = answer.headers['set-cookie']!
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(new URL(host.url).searchParams.get('token')).toHaveLength(43)
  })

  it.each(['/', '/index.html', '/assets/app-abc123.js', '/?token=', '/?token=wrong'])(
    'refuses %s without the token',
    async (path) => {
      const answer = await ask(path)
      expect(answer.status).toBe(401)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.body).toContain('token')
    },
  )

  it.each(['evil.example', 'localhost', '127.0.0.1', '127.0.0.1:1', '[::1]'])('refuses the host %s', async (name) => {
    const answer = await ask('/', { ...signedIn(), host: name })
    expect(answer.status).toBe(421)
  })

  it('refuses a request that another page makes', async () => {
    expect((await ask('/', { ...signedIn(), origin: 'http://evil.example' })).status).toBe(403)
    expect((await ask('/', { ...signedIn(), origin: 'null' })).status).toBe(403)
    expect((await ask('/', { ...signedIn(), origin: `http://127.0.0.1:${host.port}` })).status).toBe(200)
  })

  it('serves GET only', async () => {
    expect((await ask('/', signedIn(), 'POST')).status).toBe(405)
  })
})

describe('the app’s files', () => {
  it('sends the page under a strict policy', async () => {
    const { status, body, headers } = await ask('/', signedIn())
    expect([status, body]).toEqual([200, '<title>app</title>'])
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${host.port};`)
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cache-control']).toBe('no-cache')
  })

  it('lets hashed files be kept', async () => {
    const { headers } = await ask('/assets/app-abc123.js', signedIn())
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  it('sends an empty file', async () => {
    expect(await ask('/empty.txt', signedIn())).toMatchObject({ status: 200, body: '' })
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '/etc/passwd',
    '/link.txt',
    '/assets',
    '/index.html%00.js',
    '/%',
    '/%ff',
    '/nothing.js',
  ])('answers %s with nothing', async (path) => {
    const answer = await ask(path, signedIn())
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('secret')
  })
})

describe('what a run made', () => {
  it('is sent in a sandbox of its own, under a path that cannot be guessed', async () => {
    const path = artifacts.publish(join(folder, 'report.html'))
    expect(path).toMatch(/^\/artifact\/[\w-]{43}\/report\.html$/)
    const { status, headers, body } = await ask(path)
    expect([status, body]).toEqual([200, '<script>1</script>'])
    const policy = headers['content-security-policy']!
    expect(policy).toMatch(/^sandbox allow-scripts/)
    expect(policy).not.toContain('allow-same-origin')
    expect(policy).toContain("default-src 'none'")
    expect(headers['set-cookie']).toBeUndefined()
  })

  it('leads to that file only', async () => {
    const path = artifacts.publish(join(folder, 'report.html'))
    const key = path.split('/')[2]!
    expect((await ask(`/artifact/${key}/../../secret.txt`)).status).not.toBe(200)
    expect((await ask(`/artifact/${key}/secret.txt`)).body).not.toContain('secret')
    expect((await ask(`/artifact/${'x'.repeat(43)}/report.html`, signedIn())).status).toBe(404)
  })
})

describe('the WebSocket', () => {
  function dial(path: string, headers: Record<string, string>): Promise<number | 'open'> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers })
      socket.on('open', () => {
        resolve('open')
        socket.close()
      })
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode!)
        response.resume()
        socket.terminate()
      })
      socket.on('error', reject)
    })
  }
  const origin = () => `http://127.0.0.1:${host.port}`

  it('opens for the app', async () => {
    expect(await dial('/rpc', { cookie, origin: origin() })).toBe('open')
  })

  it.each([
    ['no cookie', '/rpc', () => ({ origin: origin() }), 401],
    ['a wrong cookie', '/rpc', () => ({ origin: origin(), cookie: `${cookie}x` }), 401],
    ['the cookie of another port', '/rpc', () => ({ origin: origin(), cookie: cookie.replace(/-\d+=/, '-1=') }), 401],
    ['no origin', '/rpc', () => ({ cookie }), 403],
    ['another origin', '/rpc', () => ({ cookie, origin: 'http://evil.example' }), 403],
    ['a sandboxed page', '/rpc', () => ({ cookie, origin: 'null' }), 403],
    ['a longer origin', '/rpc', () => ({ cookie, origin: `${origin()}.evil.example` }), 403],
    ['https', '/rpc', () => ({ cookie, origin: origin().replace('http', 'https') }), 403],
    ['another host', '/rpc', () => ({ cookie, origin: origin(), host: 'evil.example' }), 421],
    ['another path', '/other', () => ({ cookie, origin: origin() }), 404],
    ['the token in the address', `/rpc?token=x`, () => ({ cookie, origin: origin() }), 404],
  ])('refuses %s', async (_name, path, headers, status) => {
    expect(await dial(path, headers() as Record<string, string>)).toBe(status)
  })

  it('outlives a peer that sends nonsense', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, { headers: { cookie, origin: origin() } })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('{')
    socket.send('null')
    socket.send(Buffer.from([0xff, 0xfe, 0]))
    socket.terminate()
    const raw = connect(host.port, '127.0.0.1', () => raw.end('GET / HTTP/1.1\r\nHost\r\n\r\n'))
    await new Promise((resolve) => raw.on('close', resolve).on('error', resolve).resume())
    expect((await ask('/', signedIn())).status).toBe(200)
  })
})
