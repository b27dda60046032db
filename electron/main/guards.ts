import { APP_ORIGIN } from './app-address.ts'
import type { ElectronApi, ShellWindow } from './electron-api.ts'

/** Schemes that may leave the app for the system's browser or mail program. */
const OUTSIDE_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

export function mayOpenOutside(url: string): boolean {
  return URL.canParse(url) && OUTSIDE_SCHEMES.has(new URL(url).protocol)
}

/** Of all that a page may ask for, ours gets the clipboard (tasks are copied and pasted as YAML) and nothing else. */
export function denyPermissions(session: ElectronApi['session']['defaultSession']): void {
  const allowed = (permission: string) => permission === 'clipboard-sanitized-write' || permission === 'clipboard-read'
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(allowed(permission) && details.requestingUrl.startsWith(`${APP_ORIGIN}/`)),
  )
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => allowed(permission) && origin.startsWith(APP_ORIGIN),
  )
}

/** Keeps the window on its own page: no navigation, no new windows, no embedded web views. */
export function guardContents(contents: ShellWindow['webContents'], openOutside: (url: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) openOutside(url)
    return { action: 'deny' }
  })
  contents.on('will-navigate', (event) => {
    if (new URL(event.url).origin !== new URL(APP_ORIGIN).origin) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
