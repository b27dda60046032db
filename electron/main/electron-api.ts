import type * as Electron from 'electron'

/**
 * The parts of Electron that the shell uses, as one value: `main.ts` passes the real ones, tests a fake that is typed
 * against the same declarations.
 */
export interface ElectronApi {
  readonly app: Pick<
    Electron.App,
    | 'requestSingleInstanceLock'
    | 'whenReady'
    | 'quit'
    | 'getVersion'
    | 'getPath'
    | 'setAppUserModelId'
    | 'addRecentDocument'
    | 'on'
    | 'isPackaged'
    | 'exit'
  >
  readonly BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => ShellWindow
  readonly Menu: {
    buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): Electron.Menu
    setApplicationMenu(menu: Electron.Menu | null): void
  }
  readonly dialog: Pick<Electron.Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>
  readonly protocol: Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>
  readonly session: {
    readonly defaultSession: Pick<Electron.Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>
  }
  readonly shell: Pick<Electron.Shell, 'openExternal' | 'openPath'>
  readonly screen: Pick<Electron.Screen, 'getAllDisplays'>
  readonly Notification: {
    new (options: Electron.NotificationConstructorOptions): Pick<Electron.Notification, 'show'>
    isSupported(): boolean
  }
  readonly MessageChannelMain: new () => {
    readonly port1: Electron.MessagePortMain
    readonly port2: Electron.MessagePortMain
  }
}

/** What the shell uses of a window. */
export type ShellWindow = Pick<
  Electron.BrowserWindow,
  | 'loadURL'
  | 'on'
  | 'once'
  | 'show'
  | 'hide'
  | 'focus'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'isMinimized'
  | 'restore'
  | 'maximize'
  | 'isMaximized'
  | 'getNormalBounds'
  | 'setTitle'
  | 'setDocumentEdited'
  | 'setRepresentedFilename'
  | 'setProgressBar'
> & {
  readonly webContents: Pick<Electron.WebContents, 'on' | 'setWindowOpenHandler' | 'postMessage' | 'mainFrame'>
}
