import { AppError } from '#shared/contract/error.ts'
import type { Implementer } from './implementer.ts'
import type { Shell } from './shell.ts'
import { abortableStream } from './stream.ts'

/** The window around the app, where this host has one. */
export function shellProcedures(api: Implementer, shell: Shell | null) {
  const window = (): Shell => {
    if (shell) return shell
    throw new AppError({
      code: 'UNSUPPORTED_HERE',
      message: 'This needs the desktop app.',
      next: 'Use the browser’s own way, or start the desktop app.',
    })
  }
  return {
    commands: api.shell.commands.handler(({ signal }) => {
      const source = window()
      return abortableStream(signal, async function* (ended) {
        yield* source.commands(ended)
      })
    }),
    setState: api.shell.setState.handler(({ input }) => {
      window().setState(input)
      return {}
    }),
    pickWorkspace: api.shell.pickWorkspace.handler(async () => ({ path: await window().pickWorkspace() })),
    pickSaveFile: api.shell.pickSaveFile.handler(async ({ input }) => ({ path: await window().pickSaveFile(input) })),
    openExternal: api.shell.openExternal.handler(async ({ input }) => {
      await window().openExternal(input.url)
      return {}
    }),
    notify: api.shell.notify.handler(({ input }) => {
      window().notify(input)
      return {}
    }),
    close: api.shell.close.handler(({ input }) => {
      window().close(input.proceed, input.hide ?? false)
      return {}
    }),
  }
}
