import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test as base, type ElectronApplication, _electron as electron, expect } from '@playwright/test'
import { APP_ORIGIN, APP_PAGE } from '#electron/main/app-address.ts'
import { App, pipelineOf } from '../app.ts'
import { type Contents, DIST, makeWorkspace, type Workspace } from '../workspace.ts'

/** Drives the real Electron: what electron/main/desktop.test.ts expects of the shell on its fake, and the app in it. */
const executablePath = process.env.DAGWRIGHT_ELECTRON
const FILE = 'flow.dag.yaml'
const FLOW = { [FILE]: pipelineOf('  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n') }
/** Chromium's sandbox does not work for root. */
const SWITCHES = process.getuid?.() === 0 ? ['--no-sandbox'] : []

class Shell extends App {
  readonly electron: ElectronApplication

  constructor(app: ElectronApplication, page: App['page'], files: Workspace) {
    super(page, files)
    this.electron = app
  }

  /** Whether the menu has an entry of this id, which is then clicked. */
  clickMenu(id: string): Promise<boolean> {
    return this.electron.evaluate(({ Menu }, wanted) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(wanted)
      item?.click()
      return item !== null && item !== undefined
    }, id)
  }

  windows(): Promise<number> {
    return this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  }
}

/** The command line of the app for a workspace: a user of its own, so that only its own instances meet. */
function commandLine(workspace: Workspace, path: string): string[] {
  return [...SWITCHES, `--user-data-dir=${join(workspace.home, 'electron')}`, join(DIST, 'desktop/main.mjs'), path]
}

function environment(workspace: Workspace): Record<string, string> {
  const inherited = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return { ...Object.fromEntries(inherited), DAGWRIGHT_HOME: workspace.home }
}

const test = base.extend<{ launch: (contents: Contents) => Promise<Shell> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright asks for a pattern
  launch: async ({}, use) => {
    const ends: (() => Promise<void>)[] = []
    await use(async (contents) => {
      const workspace = await makeWorkspace(contents)
      const app = await electron.launch({
        executablePath: executablePath ?? '',
        args: commandLine(workspace, workspace.root),
        env: environment(workspace),
      })
      ends.push(async () => {
        // Nothing is asked on the way out.
        await app.evaluate(({ app: own }) => own.exit(0)).catch(() => undefined)
        await app.close().catch(() => undefined)
        await workspace.discard()
      })
      const shell = new Shell(app, await app.firstWindow(), workspace)
      await expect(shell.tab).toBeVisible()
      return shell
    })
    for (const end of ends) await end()
  },
})

test.skip(!executablePath, 'DAGWRIGHT_ELECTRON names no Electron')

test.describe('the window', () => {
  test('shows the app from its own scheme', async ({ launch }) => {
    const app = await launch(FLOW)
    expect(app.page.url()).toBe(APP_PAGE)
    await expect(app.task('b')).toBeVisible()
    expect(await app.windows()).toBe(1)
    await expect.poll(() => app.page.title()).toContain('Flow')
  })

  test('gives its page nothing of Node or Electron', async ({ launch }) => {
    const app = await launch(FLOW)
    const found = await app.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    )
    expect(found).toEqual([])
    const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webviewTag }
    })
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
  })

  test('serves its own files only, under its policy', async ({ launch }) => {
    const app = await launch(FLOW)
    const answers = await app.page.evaluate(async (origin) => {
      const page = await fetch(`${origin}/index.html`)
      const statuses: number[] = []
      for (const path of ['/%2e%2e/cli.mjs', '/..%2fcli.mjs', '/missing.js']) {
        statuses.push((await fetch(origin + path)).status)
      }
      return { status: page.status, policy: page.headers.get('Content-Security-Policy'), statuses }
    }, APP_ORIGIN)
    expect(answers.status).toBe(200)
    expect(answers.policy).toContain("script-src 'self'")
    expect(answers.statuses).toEqual([404, 404, 404])
  })

  test('opens no other windows and goes nowhere else', async ({ launch }) => {
    const app = await launch(FLOW)
    await app.electron.evaluate(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = (url) => {
        opened.push(url)
        return Promise.resolve()
      }
    })
    expect(await app.page.evaluate(() => window.open('https://example.org/') === null)).toBe(true)
    expect(await app.page.evaluate(() => window.open('file:///etc/passwd') === null)).toBe(true)
    const opened = () => app.electron.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    await expect.poll(opened).toEqual(['https://example.org/'])
    expect(await app.windows()).toBe(1)

    const refused = app.electron.evaluate(
      ({ BrowserWindow }) =>
        new Promise<boolean>((resolve) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents
          // The app's own listener came first.
          contents?.once('will-navigate', (event) => resolve(event.defaultPrevented))
        }),
    )
    await app.page.evaluate(() => {
      location.href = 'https://example.org/'
    })
    expect(await refused).toBe(true)
    expect(app.page.url()).toBe(APP_PAGE)
  })

  test('denies what a page may ask for', async ({ launch }) => {
    const app = await launch(FLOW)
    const states = await app.page.evaluate(async () => {
      const asked = ['geolocation', 'camera', 'microphone'] as const
      return Promise.all(asked.map(async (name) => (await navigator.permissions.query({ name })).state))
    })
    expect(states).toEqual(['denied', 'denied', 'denied'])
  })

  test('has its line to the engine again after it is loaded anew', async ({ launch }) => {
    const app = await launch(FLOW)
    await app.page.reload()
    await expect(app.task('b')).toBeVisible()
  })
})

test.describe('the menu', () => {
  test('sends the page the commands of its entries', async ({ launch }) => {
    const app = await launch(FLOW)
    await expect(app.task('b')).toBeVisible()
    for (const [id, title] of [
      ['help.shortcuts', 'Keys and gestures'],
      ['file.new', 'New pipeline'],
      ['file.export', 'Export Flow'],
    ] as const) {
      expect(await app.clickMenu(id)).toBe(true)
      await expect(app.dialog(title)).toBeVisible()
      await app.page.keyboard.press('Escape')
      await expect(app.dialog(title)).toHaveCount(0)
    }
    expect(await app.clickMenu('edit.selectAll')).toBe(true)
    await expect(app.page.getByRole('tab', { name: '2 tasks' })).toBeVisible()
  })
})

test.describe('files', () => {
  test('a second start hands its path to the window that is there', async ({ launch }) => {
    const app = await launch({ ...FLOW, 'other/other.dag.yaml': FLOW[FILE]!.replace('name: Flow', 'name: Other') })
    const path = join(app.files.root, 'other/other.dag.yaml')
    // It ends by itself: the lock is taken.
    await promisify(execFile)(executablePath ?? '', commandLine(app.files, path), { env: environment(app.files) })
    await expect(app.tab).toHaveText('Other')
    expect(await app.windows()).toBe(1)
  })

  test("are chosen in the system's own dialog", async ({ launch }) => {
    const app = await launch(FLOW)
    const other = await makeWorkspace({ 'other.dag.yaml': FLOW[FILE]!.replace('name: Flow', 'name: Elsewhere') })
    await app.electron.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] })
    }, other.root)
    await app.clickMenu('file.open')
    await expect(app.tab).toHaveText('Elsewhere')
    await other.discard()
  })

  test("are saved by the system's own dialog", async ({ launch }) => {
    const app = await launch(FLOW)
    const target = join(app.files.root, 'exported.py')
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, target)
    await app.clickMenu('file.export')
    await app.button('Save as').click()
    await expect.poll(() => app.files.read('exported.py').catch(() => '')).toContain('airflow.sdk')
  })
})

test.describe('closing', () => {
  const close = (app: Shell) => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

  test('asks about unsaved work and stays where the person wants to', async ({ launch }) => {
    const app = await launch(FLOW)
    await app.task('b').click()
    await app.page.keyboard.press('Control+d')
    await expect(app.task('b_2')).toBeVisible()
    await close(app)
    const question = app.page.getByText(`Save the changes to ${FILE}?`)
    await expect(question).toBeVisible()
    await app.button('Cancel').click()
    await expect(question).toHaveCount(0)
    expect(await app.windows()).toBe(1)
    await close(app)
    const closed = app.electron.waitForEvent('close')
    await app.button('Save').click()
    await closed
    expect(await app.files.read(FILE)).toContain('b_2')
  })

  test('with nothing to lose ends at once', async ({ launch }) => {
    const app = await launch(FLOW)
    await expect(app.task('b')).toBeVisible()
    const closed = app.electron.waitForEvent('close')
    await close(app)
    await closed
  })
})

test('the sample opens and runs', async ({ launch }) => {
  test.setTimeout(240_000)
  const app = await launch('sample')
  await expect(app.tasks()).toHaveCount(16)
  await app.clickMenu('run.start')
  await app.dialog('Run Flight delays').getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
  await app.ends('Success', 120_000)
  await expect(app.task('Report')).toContainText('Success')
})
