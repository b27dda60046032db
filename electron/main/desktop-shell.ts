import { writeFile } from 'node:fs/promises'
import type { Shell } from '#electron/api/shell.ts'
import type { ShellCommand } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import type { ElectronApi, ShellWindow } from './electron-api.ts'
import { mayOpenOutside } from './guards.ts'

const PIPELINE_FILTERS = [
  { name: 'Pipelines', extensions: ['yaml'] },
  { name: 'All files', extensions: ['*'] },
]

/** The window's side of the contract (`shell.*`), and what the window asks of the page. */
export class DesktopShell implements Shell {
  readonly capabilities = { nativeDialogs: true, menu: true, openFiles: true, notifications: true }
  readonly #electron: ElectronApi
  readonly #platform: NodeJS.Platform
  readonly #listeners = new Set<(command: ShellCommand) => void>()
  /** Commands that came before the page was listening, e.g. the file of a double click. */
  readonly #early: ShellCommand[] = []
  #window: ShellWindow | null = null
  #state = { edited: false, liveRuns: 0 }

  readonly #onStay: () => void

  /** `onStay`: asked whether the window may close, the person chose to stay. */
  constructor(electron: ElectronApi, platform: NodeJS.Platform, onStay: () => void) {
    this.#electron = electron
    this.#platform = platform
    this.#onStay = onStay
  }

  /** The window that dialogs belong to; its close button asks the page first where something would be lost. */
  attach(window: ShellWindow): void {
    this.#window = window
    this.#state = { edited: false, liveRuns: 0 }
    window.on('close', (event) => {
      const nothingToLose = !this.#state.edited && this.#state.liveRuns === 0
      if (nothingToLose || this.#listeners.size === 0) return
      event.preventDefault()
      this.send({ type: 'close', liveRuns: this.#state.liveRuns })
    })
    window.on('closed', () => {
      this.#window = null
      this.#listeners.clear()
    })
  }

  send(command: ShellCommand): void {
    if (this.#listeners.size === 0) this.#early.push(command)
    else for (const listener of this.#listeners) listener(command)
  }

  async *commands(signal: AbortSignal): AsyncIterable<ShellCommand> {
    const waiting = this.#early.splice(0)
    let wake = () => {}
    const listener = (command: ShellCommand) => {
      waiting.push(command)
      wake()
    }
    this.#listeners.add(listener)
    const onAbort = () => wake()
    signal.addEventListener('abort', onAbort)
    try {
      while (!signal.aborted) {
        const command = waiting.shift()
        if (command) yield command
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      this.#listeners.delete(listener)
      signal.removeEventListener('abort', onAbort)
    }
  }

  setState(state: { title: string; edited: boolean; path: string | null; liveRuns: number }): void {
    this.#state = state
    const window = this.#window
    if (!window || window.isDestroyed()) return
    const mark = state.edited && this.#platform !== 'darwin' ? '• ' : ''
    window.setTitle(`${mark}${state.title}`)
    if (this.#platform === 'darwin') {
      window.setDocumentEdited(state.edited)
      window.setRepresentedFilename(state.path ?? '')
    }
  }

  async pickWorkspace(): Promise<string | null> {
    // Only macOS shows files and folders in one dialog; elsewhere a folder is the thing to open.
    const properties =
      this.#platform === 'darwin' ? (['openFile', 'openDirectory'] as const) : (['openDirectory'] as const)
    const options = { title: 'Open a workspace', properties: [...properties], filters: PIPELINE_FILTERS }
    const { canceled, filePaths } = await this.#electron.dialog.showOpenDialog(options)
    return canceled ? null : (filePaths[0] ?? null)
  }

  async pickSaveFile(file: {
    suggested: string
    content: string
    encoding: 'utf8' | 'base64'
  }): Promise<string | null> {
    const { canceled, filePath } = await this.#electron.dialog.showSaveDialog({ defaultPath: file.suggested })
    if (canceled || !filePath) return null
    try {
      await writeFile(filePath, file.content, file.encoding)
    } catch (cause) {
      throw new AppError(
        {
          code: 'IO_ERROR',
          message: `The file could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
          where: filePath,
          next: 'Choose another folder.',
        },
        { cause },
      )
    }
    return filePath
  }

  async openExternal(url: string): Promise<void> {
    if (!mayOpenOutside(url)) {
      throw new AppError({
        code: 'BAD_INPUT',
        message: 'This kind of link is not opened from Dagwright.',
        where: url,
        next: 'Copy it and open it yourself if you trust it.',
      })
    }
    await this.#electron.shell.openExternal(url)
  }

  async openFile(path: string): Promise<void> {
    const failure = await this.#electron.shell.openPath(path)
    if (failure) {
      throw new AppError({
        code: 'IO_ERROR',
        message: `The system could not open the file: ${failure}`,
        where: path,
        next: 'Open it with a program of your choice.',
      })
    }
  }

  notify({ title, body }: { title: string; body: string }): void {
    if (this.#electron.Notification.isSupported()) new this.#electron.Notification({ title, body }).show()
  }

  close(proceed: boolean, hide: boolean): void {
    if (proceed) {
      this.#window?.destroy()
      return
    }
    if (hide) this.#window?.hide()
    this.#onStay()
  }
}
