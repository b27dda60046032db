import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'
import type { ElectronApi, ShellWindow } from './electron-api.ts'

/**
 * A stand-in for Electron, as far as the shell uses it, for machines without its binary. It keeps Electron's order of
 * events and its rules that the shell relies on: a window's `close` can be prevented and `destroy` cannot; ports arrive
 * with the message that carries them and queue until started; handlers for `app://` answer the page that is loaded.
 */
export class FakeElectron implements ElectronApi {
  readonly app: FakeApp & ElectronApi['app']
  readonly windows: FakeWindow[] = []
  readonly opened: string[] = []
  readonly notified: { title?: string; body?: string }[] = []
  /** Answers of the person to the dialogs to come, in order; an empty list cancels. */
  readonly answers: { open: string[]; save: string[] } = { open: [], save: [] }
  workAreas: Electron.Rectangle[] = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  applicationMenu: Electron.MenuItemConstructorOptions[] = []
  readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>()
  readonly privileged: Electron.CustomScheme[] = []
  permissionRequest: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null
  permissionCheck: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null

  constructor(options: { userData: string; hasLock?: boolean; version?: string }) {
    const app = new FakeApp(options)
    app.openWindows = () => this.windows.filter((window) => !window.isDestroyed())
    this.app = app as unknown as FakeApp & ElectronApi['app']
  }

  readonly BrowserWindow = windowClassOf(this)
  readonly Notification = notificationClassOf(this)
  readonly MessageChannelMain = FakeMessageChannel

  readonly Menu = {
    // The shell only hands the built menu on, so the template is what a test wants to read.
    buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template as unknown as Electron.Menu,
    setApplicationMenu: (menu: Electron.Menu | null) => {
      this.applicationMenu = (menu ?? []) as unknown as Electron.MenuItemConstructorOptions[]
    },
  }
  readonly dialog = {
    showOpenDialog: async () => {
      const path = this.answers.open.shift()
      return { canceled: path === undefined, filePaths: path === undefined ? [] : [path] }
    },
    showSaveDialog: async () => {
      const path = this.answers.save.shift()
      return { canceled: path === undefined, filePath: path ?? '' }
    },
    showMessageBox: async () => ({ response: 0, checkboxChecked: false }),
  } as ElectronApi['dialog']
  readonly protocol: ElectronApi['protocol'] = {
    registerSchemesAsPrivileged: (schemes) => {
      if (this.app.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
      this.privileged.push(...schemes)
    },
    handle: (scheme, handler) => {
      this.handlers.set(scheme, handler as (request: Request) => Response | Promise<Response>)
    },
  }
  readonly session = {
    defaultSession: {
      setPermissionRequestHandler: (handler: typeof this.permissionRequest) => {
        this.permissionRequest = handler
      },
      setPermissionCheckHandler: (handler: typeof this.permissionCheck) => {
        this.permissionCheck = handler
      },
    },
  }
  readonly shell: ElectronApi['shell'] = {
    openExternal: async (url) => {
      this.opened.push(url)
    },
    openPath: async (path) => {
      this.opened.push(path)
      return ''
    },
  }
  readonly screen: ElectronApi['screen'] = {
    getAllDisplays: () => this.workAreas.map((workArea) => ({ workArea }) as Electron.Display),
  }

  /** Clicks a menu entry by its id, as a person would; throws where there is none or it is disabled. */
  clickMenu(id: string): void {
    const find = (
      items: readonly Electron.MenuItemConstructorOptions[],
    ): Electron.MenuItemConstructorOptions | undefined =>
      items
        .flatMap((item) => [item, ...(Array.isArray(item.submenu) ? [find(item.submenu)] : [])])
        .find((item) => item?.id === id)
    const item = find(this.applicationMenu)
    if (!item || item.enabled === false) throw new Error(`The menu has no enabled entry ${id}.`)
    item.click?.({} as Electron.MenuItem, undefined, {})
  }
}

class FakeApp extends EventEmitter {
  ready = false
  hasQuit = false
  readonly isPackaged = false
  readonly recentDocuments: string[] = []
  readonly #options: { userData: string; hasLock?: boolean; version?: string }

  constructor(options: { userData: string; hasLock?: boolean; version?: string }) {
    super()
    this.#options = options
  }

  requestSingleInstanceLock = () => this.#options.hasLock ?? true
  setAppUserModelId = () => {}
  getVersion = () => this.#options.version ?? '0.0.0'
  getPath = () => this.#options.userData
  addRecentDocument = (path: string) => {
    this.recentDocuments.push(path)
  }
  whenReady = async () => {
    await Promise.resolve()
    this.ready = true
  }
  /** Electron's order: `before-quit`, then every window is closed, then `will-quit`; any of them may stop it. */
  quit = () => {
    if (this.hasQuit || !this.#asks('before-quit')) return
    for (const window of this.openWindows()) window.close()
    if (this.openWindows().length === 0 && !this.hasQuit && this.#asks('will-quit')) this.exit()
  }
  openWindows: () => readonly FakeWindow[] = () => []
  #asks(event: string): boolean {
    let prevented = false
    this.emit(event, {
      preventDefault: () => {
        prevented = true
      },
    })
    return !prevented
  }
  exit = () => {
    this.hasQuit = true
    this.emit('quit', {}, 0)
  }
}

/** Electron's ports speak Node's events, with the data and further ports in one object. */
class FakePort extends EventEmitter {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('close', () => this.emit('close'))
  }

  get transferable(): MessagePort {
    return this.#port
  }
  postMessage = (data: unknown) => this.#port.postMessage(data)
  start = () => {
    this.#port.on('message', (data) => this.emit('message', { data, ports: [] }))
  }
  close = () => this.#port.close()
}

class FakeMessageChannel {
  readonly port1: Electron.MessagePortMain
  readonly port2: Electron.MessagePortMain

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new FakePort(port1) as unknown as Electron.MessagePortMain
    this.port2 = new FakePort(port2) as unknown as Electron.MessagePortMain
  }
}

export class FakeWindow extends EventEmitter {
  readonly options: Electron.BrowserWindowConstructorOptions
  readonly webContents: FakeContents
  readonly #electron: FakeElectron
  url = ''
  title = ''
  edited = false
  visible = false
  #destroyed = false
  #maximized = false

  constructor(electron: FakeElectron, options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.#electron = electron
    this.options = options
    this.webContents = new FakeContents()
    electron.windows.push(this)
  }

  loadURL = async (url: string) => {
    const handler = this.#electron.handlers.get(new URL(url).protocol.slice(0, -1))
    const answer = await handler?.(new Request(url))
    if (!answer?.ok) throw new Error(`ERR_FAILED (-2) loading '${url}'`)
    this.url = url
    this.webContents.emit('did-finish-load')
    this.emit('ready-to-show')
  }
  show = () => {
    this.visible = true
  }
  hide = () => {
    this.visible = false
  }
  focus = () => {}
  close = () => {
    let prevented = false
    this.emit('close', { preventDefault: () => (prevented = true) })
    if (!prevented) this.destroy()
  }
  destroy = () => {
    if (this.#destroyed) return
    this.#destroyed = true
    this.webContents.closePorts()
    this.emit('closed')
    if (this.#electron.windows.every((window) => window.isDestroyed())) this.#electron.app.emit('window-all-closed')
  }
  isDestroyed = () => this.#destroyed
  isMinimized = () => false
  restore = () => {}
  maximize = () => {
    this.#maximized = true
  }
  isMaximized = () => this.#maximized
  getNormalBounds = () => {
    if (this.#destroyed) throw new TypeError('Object has been destroyed')
    const { x = 0, y = 0, width = 800, height = 600 } = this.options
    return { x, y, width, height }
  }
  setTitle = (title: string) => {
    this.title = title
  }
  setDocumentEdited = (edited: boolean) => {
    this.edited = edited
  }
  setRepresentedFilename = () => {}
  setProgressBar = () => {}
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = {} as Electron.WebFrameMain
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null
  /** Ports the preload has handed to the page, in order of arrival. */
  readonly ports: MessagePort[] = []

  setWindowOpenHandler = (handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]) => {
    this.openHandler = handler
  }
  postMessage = (channel: string, _message: unknown, transfer: readonly Electron.MessagePortMain[] = []) => {
    this.emit('page-message', channel)
    for (const port of transfer) this.ports.push((port as unknown as FakePort).transferable)
  }
  closePorts(): void {
    for (const port of this.ports) port.close()
  }
}

function windowClassOf(electron: FakeElectron): ElectronApi['BrowserWindow'] {
  return class extends FakeWindow {
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super(electron, options)
    }
  } as unknown as new (
    options: Electron.BrowserWindowConstructorOptions,
  ) => ShellWindow
}

function notificationClassOf(electron: FakeElectron): ElectronApi['Notification'] {
  return class {
    readonly #options: Electron.NotificationConstructorOptions
    constructor(options: Electron.NotificationConstructorOptions) {
      this.#options = options
    }
    show(): void {
      electron.notified.push(this.#options)
    }
    static isSupported(): boolean {
      return true
    }
  }
}
