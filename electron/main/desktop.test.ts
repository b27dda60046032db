import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink, type SupportedMessagePort } from '@orpc/client/message-port'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContractClient } from '#shared/contract/client.ts'
import type { ShellCommand } from '#shared/contract/data.ts'
import { contractSerializers } from '#shared/contract/serializers.ts'
import { APP_ORIGIN, APP_PAGE, PORT_MESSAGE } from './app-address.ts'
import { type Desktop, startDesktop } from './desktop.ts'
import { FakeElectron, type FakeWindow } from './electron.testing.ts'

const PIPELINE = 'dagwright: 1\nid: one\ntasks:\n  a: { kind: noop }\n'

let root = ''
let electron: FakeElectron
let desktop: Desktop | null = null

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dagwright-desktop-'))
  await mkdir(join(root, 'renderer'))
  await mkdir(join(root, 'data'))
  await mkdir(join(root, 'work'))
  await writeFile(join(root, 'renderer/index.html'), '<!doctype html><title>Dagwright</title>')
  await writeFile(join(root, 'secret.txt'), 'secret')
  await writeFile(join(root, 'work/one.dag.yaml'), PIPELINE)
  electron = new FakeElectron({ userData: join(root, 'data') })
})
afterEach(async () => {
  for (const window of electron.windows) window.destroy()
  await desktop?.host.dispose()
  desktop = null
  await rm(root, { recursive: true, force: true })
})

async function start(...args: string[]): Promise<{ window: FakeWindow; page: ContractClient }> {
  desktop = await startDesktop(electron, {
    platform: 'linux',
    arguments: args,
    workingFolder: root,
    rendererFolder: join(root, 'renderer'),
    host: {
      userData: join(root, 'data'),
      samplesFolder: join(root, 'no-sample'),
      entries: { spawner: join(root, 'no-spawner'), sql: join(root, 'no-sql'), parser: join(root, 'no-parser') },
    },
  })
  const window = electron.windows[0]
  return { window, page: pageOf(window) }
}

/** The contract as the page of the window speaks it, over the port that the preload handed on. */
function pageOf(window: FakeWindow): ContractClient {
  const port = window.webContents.ports.at(-1)
  if (!port) throw new Error('The page got no port.')
  const link = new RPCLink({
    port: port as unknown as SupportedMessagePort,
    customJsonSerializers: contractSerializers,
  })
  port.start()
  return createORPCClient(link)
}

/** The next commands that reach the page, in order. */
async function commandsOf(page: ContractClient): Promise<AsyncIterator<ShellCommand>> {
  const stream = await page.shell.commands({})
  return stream[Symbol.asyncIterator]()
}

describe('the window', () => {
  it('shows the app from its own scheme, isolated and sandboxed', async () => {
    const { window } = await start()
    expect(window.url).toBe(APP_PAGE)
    expect(window.visible).toBe(true)
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    })
    expect(electron.privileged).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }])
  })

  it('serves its own files only, under a policy without inline scripts', async () => {
    await start()
    const ask = async (url: string) => electron.handlers.get('app')?.(new Request(url))
    const page = await ask(APP_PAGE)
    expect(page?.status).toBe(200)
    expect(page?.headers.get('Content-Security-Policy')).toMatch(/script-src 'self'(?!.*script-src.*unsafe-inline)/)
    for (const url of [
      `${APP_ORIGIN}/../secret.txt`,
      `${APP_ORIGIN}/%2e%2e/secret.txt`,
      `${APP_ORIGIN}/..%2fsecret.txt`,
      'app://other/index.html',
    ]) {
      expect((await ask(url))?.status).toBe(404)
    }
  })

  it('refuses other pages, windows, web views and permissions', async () => {
    const { window } = await start()
    expect(window.webContents.openHandler?.({ url: 'https://example.org/' } as never)).toEqual({ action: 'deny' })
    expect(window.webContents.openHandler?.({ url: 'file:///etc/passwd' } as never)).toEqual({ action: 'deny' })
    expect(electron.opened).toEqual(['https://example.org/'])
    let prevented = 0
    const event = (url: string) => ({ url, preventDefault: () => prevented++ })
    window.webContents.emit('will-navigate', event('https://example.org/'))
    window.webContents.emit('will-attach-webview', event(''))
    expect(prevented).toBe(2)
    window.webContents.emit('will-navigate', event(`${APP_ORIGIN}/index.html#x`))
    expect(prevented).toBe(2)
    const granted: Record<string, boolean> = {}
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-sanitized-write'] as const) {
      electron.permissionRequest?.({} as never, permission, (yes) => (granted[permission] = yes), {
        requestingUrl: APP_PAGE,
      } as never)
    }
    expect(granted).toEqual({
      media: false,
      geolocation: false,
      notifications: false,
      'clipboard-sanitized-write': true,
    })
  })

  it('is where it was, unless that display is gone', async () => {
    const first = await start()
    Object.assign(first.window.options, { x: 50, y: 60, width: 1000, height: 700 })
    first.window.close()
    await expect.poll(() => readFile(join(root, 'data/window.json'), 'utf8').catch(() => '')).toContain('1000')
    await desktop?.host.dispose()
    electron = new FakeElectron({ userData: join(root, 'data') })
    expect((await start()).window.options).toMatchObject({ x: 50, y: 60, width: 1000, height: 700 })
    await desktop?.host.dispose()
    electron = new FakeElectron({ userData: join(root, 'data') })
    electron.workAreas = [{ x: 5000, y: 0, width: 800, height: 600 }]
    expect((await start()).window.options).not.toHaveProperty('x')
  })

  it('hands the page one port, again after a reload', async () => {
    const { window, page } = await start()
    const channels: string[] = []
    window.webContents.on('page-message', (channel: string) => channels.push(channel))
    expect((await page.app.info({})).host).toBe('desktop')
    window.webContents.emit('did-finish-load')
    expect(channels).toEqual([PORT_MESSAGE])
    expect((await pageOf(window).app.info({})).capabilities.nativeDialogs).toBe(true)
  })
})

describe('the menu', () => {
  it('sends the page the commands of its entries', async () => {
    const { page } = await start()
    const commands = await commandsOf(page)
    const ids = ['file.new', 'file.save', 'edit.undo', 'run.start', 'view.fit', 'help.shortcuts']
    for (const id of ids) electron.clickMenu(id)
    for (const id of ids) expect((await commands.next()).value).toEqual({ type: 'command', id })
  })

  it('lists recent workspaces', async () => {
    const { page } = await start()
    await page.workspace.open({ path: join(root, 'work') })
    await desktop?.host.dispose()
    electron = new FakeElectron({ userData: join(root, 'data') })
    await start()
    expect(JSON.stringify(electron.applicationMenu)).toContain(join(root, 'work'))
  })
})

describe('files', () => {
  it('opens the path it was started with, also when the page was not listening yet', async () => {
    const { page } = await start('--no-sandbox', 'missing', 'work/one.dag.yaml')
    const commands = await commandsOf(page)
    expect((await commands.next()).value).toEqual({ type: 'open', path: join(root, 'work/one.dag.yaml') })
  })

  it('opens what a second start or the system asks for', async () => {
    const { page } = await start()
    const commands = await commandsOf(page)
    electron.app.emit('second-instance', {}, ['electron', 'work'], root)
    expect((await commands.next()).value).toEqual({ type: 'open', path: join(root, 'work') })
    electron.app.emit('open-file', { preventDefault: () => {} }, '/x.dag.yaml')
    expect((await commands.next()).value).toEqual({ type: 'open', path: '/x.dag.yaml' })
    expect(electron.app.recentDocuments).toEqual([join(root, 'work'), '/x.dag.yaml'])
  })

  it('leaves the field to the instance that is there already', async () => {
    electron = new FakeElectron({ userData: join(root, 'data'), hasLock: false })
    expect(await startDesktop(electron, { platform: 'linux' } as never)).toBeNull()
    expect(electron.app.hasQuit).toBe(true)
    expect(electron.windows).toEqual([])
  })

  it('asks with the dialogs of the system', async () => {
    const { page } = await start()
    electron.answers.open.push(join(root, 'work'))
    expect(await page.shell.pickWorkspace({})).toEqual({ path: join(root, 'work') })
    expect(await page.shell.pickWorkspace({})).toEqual({ path: null })
    electron.answers.save.push(join(root, 'dag.py'))
    const saved = await page.shell.pickSaveFile({ suggested: 'dag.py', content: 'ZGFn', encoding: 'base64' })
    expect(saved).toEqual({ path: join(root, 'dag.py') })
    expect(await readFile(join(root, 'dag.py'), 'utf8')).toBe('dag')
    electron.answers.save.push(join(root, 'nowhere/dag.py'))
    await expect(page.shell.pickSaveFile({ suggested: 'dag.py', content: '', encoding: 'utf8' })).rejects.toMatchObject(
      {
        data: { code: 'IO_ERROR', where: join(root, 'nowhere/dag.py') },
      },
    )
  })

  it('opens links outside, and only links', async () => {
    const { page } = await start()
    await page.shell.openExternal({ url: 'https://example.org/' })
    await expect(page.shell.openExternal({ url: 'file:///etc/passwd' })).rejects.toMatchObject({
      data: { code: 'BAD_INPUT' },
    })
    expect(electron.opened).toEqual(['https://example.org/'])
  })
})

describe('closing', () => {
  it('closes at once when nothing would be lost, and quits', async () => {
    const { window, page } = await start()
    await commandsOf(page)
    await page.shell.setState({ title: 'one', edited: false, path: null, liveRuns: 0 })
    expect(window.title).toBe('one')
    window.close()
    expect(window.isDestroyed()).toBe(true)
    await expect.poll(() => electron.app.hasQuit).toBe(true)
  })

  it('asks the page about unsaved work and runs, and does what it answers', async () => {
    const { window, page } = await start()
    const commands = await commandsOf(page)
    await page.shell.setState({ title: 'one', edited: true, path: null, liveRuns: 1 })
    expect(window.title).toBe('• one')
    window.close()
    expect((await commands.next()).value).toEqual({ type: 'close', liveRuns: 1 })
    await page.shell.close({ proceed: false })
    expect(window.isDestroyed()).toBe(false)
    await page.shell.close({ proceed: false, hide: true })
    expect(window.visible).toBe(false)
    expect(window.isDestroyed()).toBe(false)
    electron.app.emit('second-instance', {}, ['electron'], root)
    await expect.poll(() => window.visible).toBe(true)
    electron.app.quit()
    expect((await commands.next()).value).toEqual({ type: 'close', liveRuns: 1 })
    expect(electron.app.hasQuit).toBe(false)
    // The window takes the port with it, so the answer never comes.
    page.shell.close({ proceed: true }).catch(() => undefined)
    await expect.poll(() => window.isDestroyed()).toBe(true)
    await expect.poll(() => electron.app.hasQuit).toBe(true)
  })

  it('does not wait for a page that is gone', async () => {
    const { window, page } = await start()
    await page.shell.setState({ title: 'one', edited: true, path: null, liveRuns: 0 })
    window.close()
    expect(window.isDestroyed()).toBe(true)
  })
})

describe('notifications', () => {
  it('reach the system', async () => {
    const { page } = await start()
    await page.shell.notify({ title: 'one succeeded', body: '4.2 s' })
    expect(electron.notified).toEqual([{ title: 'one succeeded', body: '4.2 s' }])
  })
})
