import { join } from 'node:path'
import type { MessagePortMain } from 'electron'
import { APP_PAGE, PORT_MESSAGE } from './app-address.ts'
import type { ElectronApi, ShellWindow } from './electron-api.ts'
import { guardContents } from './guards.ts'
import { usableState, type WindowState } from './window-state.ts'

const DEFAULT_SIZE = { width: 1440, height: 900 }

export interface WindowOptions {
  readonly electron: ElectronApi
  /** What `remember` was last given; null the first time. */
  readonly remembered: string | null
  readonly remember: (state: string) => void
  readonly openOutside: (url: string) => void
  /** Called before the page is loaded. */
  readonly attach: (window: ShellWindow) => void
  /** A page was loaded (the first time, or again): this port is its line to the api. */
  readonly connect: (port: MessagePortMain) => void
}

/** Opens the app's window: sandboxed, isolated, on `app://`, with one message port and nothing else. */
export async function openWindow(options: WindowOptions): Promise<ShellWindow> {
  const { electron } = options
  const state = usableState(
    options.remembered,
    electron.screen.getAllDisplays().map((display) => display.workArea),
  )
  const window = new electron.BrowserWindow({
    ...(state?.bounds ?? DEFAULT_SIZE),
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Dagwright',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (state?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberBounds(window, options.remember)
  options.attach(window)
  guardContents(window.webContents, options.openOutside)
  window.webContents.on('did-finish-load', () => {
    const { port1, port2 } = new electron.MessageChannelMain()
    options.connect(port1)
    window.webContents.postMessage(PORT_MESSAGE, null, [port2])
  })
  await window.loadURL(APP_PAGE)
  return window
}

function rememberBounds(window: ShellWindow, remember: (state: string) => void): void {
  // Asked for while it still has bounds: after `closed` there are none.
  window.on('close', () => {
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
    remember(JSON.stringify(state))
  })
}
