import { readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PAGE } from '#electron/api/caller.ts'
import { connectInProcess } from '#electron/hosts/in-process.ts'
import { messagePortHost } from '#electron/hosts/message-port.ts'
import { createHost, type Host, type HostOptions } from '#electron/hosts/serve.ts'
import { APP_SCHEME } from './app-address.ts'
import { appProtocol } from './app-protocol.ts'
import { DesktopShell } from './desktop-shell.ts'
import type { ElectronApi, ShellWindow } from './electron-api.ts'
import { denyPermissions } from './guards.ts'
import { menuTemplate } from './menu.ts'
import { openWindow } from './window.ts'

export interface DesktopOptions {
  readonly platform: NodeJS.Platform
  /** The command line without the program: files and folders to open. */
  readonly arguments: readonly string[]
  readonly workingFolder: string
  readonly rendererFolder: string
  readonly host: Pick<HostOptions, 'userData' | 'samplesFolder' | 'entries' | 'hostEnvironment'>
}

/** Must run before Electron is ready: `app://` is a place of its own, with storage, fetch and workers. */
export function declareScheme(electron: Pick<ElectronApi, 'protocol'>): void {
  electron.protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
}

/** The desktop app: one window onto one host. Resolves when the window shows, or at once where another instance took over. */
export async function startDesktop(electron: ElectronApi, options: DesktopOptions): Promise<Desktop | null> {
  const { app } = electron
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return null
  }
  declareScheme(electron)
  const desktop = new Desktop(electron, options)
  // macOS may send this before the app is ready, for the file that started it.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    desktop.open(path)
  })
  app.on('second-instance', (_event, commandLine, workingFolder) => {
    void desktop.openFirst(commandLine.slice(1), workingFolder).then(() => desktop.show())
  })
  await app.whenReady()
  await desktop.start()
  return desktop
}

export class Desktop {
  readonly host: Host
  readonly #electron: ElectronApi
  readonly #options: DesktopOptions
  readonly #shell: DesktopShell
  #window: ShellWindow | null = null
  #quitting = false
  #disposed = false

  constructor(electron: ElectronApi, options: DesktopOptions) {
    this.#electron = electron
    this.#options = options
    this.#shell = new DesktopShell(electron, options.platform, () => {
      this.#quitting = false
    })
    this.host = createHost({ ...options.host, kind: 'desktop', label: 'the Dagwright app', shell: this.#shell })
  }

  async start(): Promise<void> {
    const { app, protocol, session } = this.#electron
    denyPermissions(session.defaultSession)
    protocol.handle(APP_SCHEME, appProtocol(this.#options.rendererFolder))
    app.on('activate', () => void this.show())
    app.on('before-quit', () => {
      this.#quitting = true
    })
    app.on('window-all-closed', () => {
      if (this.#quitting || this.#options.platform !== 'darwin') app.quit()
    })
    app.on('will-quit', (event) => {
      if (this.#disposed) return
      // Runs are ended and workspaces given back before the process goes.
      event.preventDefault()
      this.#disposed = true
      void this.host.dispose().finally(() => app.exit(0))
    })
    await this.openFirst(this.#options.arguments, this.#options.workingFolder)
    await this.show()
  }

  /** Opens a folder or a pipeline file (absolute) in the window, or in the one to come. */
  open(path: string): void {
    this.#electron.app.addRecentDocument(path)
    this.#shell.send({ type: 'open', path })
    const window = this.#window
    if (!window) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  /** Opens the first of the arguments that is there. Electron and Chromium add switches of their own, and the program's file. */
  async openFirst(commandLine: readonly string[], workingFolder: string): Promise<void> {
    for (const argument of commandLine) {
      if (argument.startsWith('-') || argument.endsWith('main.mjs')) continue
      const path = resolve(workingFolder, argument)
      if (await stat(path).catch(() => null)) return this.open(path)
    }
  }

  /** Opens the window, or brings it back where it is hidden. */
  async show(): Promise<void> {
    if (this.#window) {
      this.#window.show()
      return
    }
    await this.#setMenu()
    const stateFile = join(this.#options.host.userData, 'window.json')
    const ports = messagePortHost(this.host.router, PAGE)
    await openWindow({
      electron: this.#electron,
      remembered: await readFile(stateFile, 'utf8').catch(() => null),
      // Where the window was is worth no error: the next start has its default.
      remember: (state) => void writeFile(stateFile, state).catch(() => undefined),
      openOutside: (url) => void this.#electron.shell.openExternal(url),
      attach: (window) => {
        this.#window = window
        this.#shell.attach(window)
        window.on('closed', () => {
          this.#window = null
        })
      },
      connect: (port) => {
        ports.serve(port)
        port.start()
      },
    })
  }

  async #setMenu(): Promise<void> {
    const template = menuTemplate({
      platform: this.#options.platform,
      recent: await connectInProcess(this.host.router, PAGE).workspace.recent({}),
      send: (command) => this.#shell.send(command),
    })
    this.#electron.Menu.setApplicationMenu(this.#electron.Menu.buildFromTemplate(template))
  }
}
