import type { AppInfo, ShellCommand } from '#shared/contract/data.ts'

/** The window around the app. The desktop implements it; hosts without a window pass null. */
export interface Shell {
  readonly capabilities: AppInfo['capabilities']
  /** Menu and system commands for one renderer, until the signal aborts. */
  commands(signal: AbortSignal): AsyncIterable<ShellCommand>
  setState(state: { title: string; edited: boolean; path: string | null; liveRuns: number }): void
  /** The chosen folder or pipeline file; null where the person cancelled. */
  pickWorkspace(): Promise<string | null>
  /** Where the content was saved; null where the person cancelled. */
  pickSaveFile(file: { suggested: string; content: string; encoding: 'utf8' | 'base64' }): Promise<string | null>
  /** The shell decides which schemes it opens (http, https, mailto) and rejects with an AppError otherwise. */
  openExternal(url: string): Promise<void>
  /** Opens a file of a workspace in the system's program for it. Absolute path. */
  openFile(path: string): Promise<void>
  notify(message: { title: string; body: string }): void
  /** The renderer's answer to a `close` command. `hide`: where it does not proceed, without its window. */
  close(proceed: boolean, hide: boolean): void
}
