import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, bench } from './engine.testing.ts'

let host: Bench
let server: Server
let base: string
let asked = 0

beforeAll(async () => {
  host = bench()
  server = createServer((request, response) => {
    if (request.url === '/hang') return
    if (request.url === '/busy') {
      asked += 1
      response.writeHead(asked === 1 ? 429 : 200, { 'retry-after': '0' }).end('{"ok":true}')
      return
    }
    if (request.url === '/moved') {
      response.writeHead(302, { location: '/latin' }).end()
      return
    }
    if (request.url === '/latin') {
      response.writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' }).end(Buffer.from('Zürich', 'latin1'))
      return
    }
    if (request.url === '/marked') {
      response.writeHead(200).end('\ufeff{"n":1}')
      return
    }
    if (request.url === '/long') {
      response.writeHead(200).end('x'.repeat(70_000))
      return
    }
    if (request.url === '/missing') {
      response.writeHead(404).end('nothing here')
      return
    }
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const { method, headers } = request
      response.writeHead(201, { 'content-type': 'application/json', 'x-token': headers['x-token'] ?? '' })
      response.end(JSON.stringify({ method, body, items: [1, 2, 3] }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await host.dispose()
})

test('a request with method, headers and body; outputs are expressions over the response', async () => {
  const run = await host.run(
    `
params: { base: { type: string }, text: { type: string, default: "a\\"b" } }
tasks:
  post:
    kind: http
    method: POST
    url: \${{ params.base }}/echo
    headers: { x-token: "t-\${{ secrets.TOKEN }}" }
    secrets: [TOKEN]
    body: "\${{ params.text }}!"
    outputs: { sum: "\${{ response.json.items[0] + response.json.items[2] }}", status: response.status, said: response.json.body, header: 'response.headers["x-token"]' }
`,
    { params: { base }, secrets: { TOKEN: 'hush-hush' } },
  )
  expect(run.state).toBe('success')
  expect(run.outputs.post).toEqual({ sum: 4, status: 201, said: 'a"b!', header: 't-***' })
  expect(run.log('post')).toContain('201 Created')
})

test('unexpected and expected statuses, a server that asks to wait, timeout and refused connections', async () => {
  const run = await host.run(
    `
params: { base: { type: string } }
tasks:
  missing: { kind: http, url: "\${{ params.base }}/missing" }
  expected: { kind: http, url: "\${{ params.base }}/missing", expect: [404] }
  busy: { kind: http, url: "\${{ params.base }}/busy", outputs: { ok: response.json.ok } }
  hang: { kind: http, url: "\${{ params.base }}/hang", timeout: 200ms }
  refused: { kind: http, url: "http://127.0.0.1:9/" }
  wrong: { kind: http, url: "\${{ params.base }}/echo", outputs: { x: response.json.nothing.at.all } }
`,
    { params: { base } },
  )
  expect(run.states).toEqual({
    missing: 'failed',
    expected: 'success',
    busy: 'success',
    hang: 'failed',
    refused: 'failed',
    wrong: 'failed',
  })
  expect(run.reason('missing')).toContain('404 Not Found instead of 2xx')
  expect(run.reason('hang')).toContain('timeout')
  expect(run.reason('refused')).toMatch(/ECONNREFUSED|bad port/)
  expect(run.outputs.busy).toEqual({ ok: true })
})

test('a redirect is followed, and seen by who expects it; a body is read by its charset', async () => {
  const run = await host.run(
    `
params: { base: { type: string } }
tasks:
  followed: { kind: http, url: "\${{ params.base }}/moved", outputs: { body: response.body } }
  seen: { kind: http, url: "\${{ params.base }}/moved", expect: 302, outputs: { to: response.headers.location } }
  marked: { kind: http, url: "\${{ params.base }}/marked", outputs: { n: response.json.n } }
  long: { kind: http, url: "\${{ params.base }}/long" }
`,
    { params: { base } },
  )
  expect(run.outputs).toMatchObject({ followed: { body: 'Zürich' }, seen: { to: '/latin' }, marked: { n: 1 } })
  expect(run.log('followed')).toContain(`200 OK from ${base}/latin, 6 characters`)
  expect(run.log('long')).toContain('The body goes on; the log has its first 65,536 characters.')
})

test('what is wrong with a header or an answer is said by name', async () => {
  const run = await host.run(
    `
params: { base: { type: string }, lines: { type: string, default: "a\\nb" } }
tasks:
  lines: { kind: http, url: "\${{ params.base }}/latin", headers: { X-A: "\${{ params.lines }}" } }
  sign: { kind: http, url: "\${{ params.base }}/latin", headers: { X-B: "a ✓" } }
  name: { kind: http, url: "\${{ params.base }}/latin", headers: { "X C": a } }
  json: { kind: http, url: "\${{ params.base }}/latin", outputs: { n: response.json.n } }
`,
    { params: { base } },
  )
  expect(run.reason('lines')).toContain('the header "X-A" cannot be sent: its value has several lines')
  expect(run.reason('sign')).toContain('the header "X-B" cannot be sent: its value has ✓, which needs an encoding')
  expect(run.reason('name')).toContain('the header "X C" cannot be sent')
  expect(run.reason('json')).toContain("The response's body is not JSON; it begins with `Zürich`.")
})
