/** The one origin the desktop app's pages come from. */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = `${APP_SCHEME}://dagwright`
export const APP_PAGE = `${APP_ORIGIN}/index.html`

/** The IPC channel (main to preload) and the window message (preload to page) that carry the port. */
export const PORT_MESSAGE = 'dagwright:port'
