import { spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import { serveWeb } from '../../web.ts'
import { type Command, DONE } from '../command.ts'
import { hostOf, places } from '../local-host.ts'

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Serve the app to a browser on this machine',
  positionals: ['[PATH]'],
  flags: {
    port: { type: 'string', value: 'N', help: 'Listen there; default: a free port' },
    open: { type: 'boolean', help: 'Open the address in the default browser' },
    json: { type: 'boolean', help: 'Print { "url": … }' },
  },
  details: [
    'PATH: a workspace or a pipeline file to begin with.',
    'Prints the address with its token, which is the key: whoever has it can run pipelines as you. Ctrl-C stops it.',
  ],
  json: ['{ url }, as soon as it can be opened'],
  examples: ['dagwright serve', 'dagwright serve flights.dag.yaml --open'],
  async run(args, io) {
    const built = await stat(join(places.renderer, 'index.html')).catch(() => null)
    if (!built) {
      throw new AppError({
        code: 'UNSUPPORTED_HERE',
        message: 'The app has not been built.',
        where: places.renderer,
        next: 'Run `npm run build`, or `npm start`, which builds what is missing.',
      })
    }
    const path = args.positional(0)
    const initial = path === undefined ? null : await initialOf(resolve(io.folder, path))
    const host = hostOf('the Dagwright web host', 'web', { initial })
    try {
      const { router, artifacts } = host
      const port = args.number('port', 0) ?? 0
      const web = await serveWeb({ router, artifacts, rendererFolder: places.renderer, port }).catch(portTaken(port))
      io.out.line(args.has('json') ? JSON.stringify({ url: web.url }) : `Dagwright is at ${web.url}`)
      io.err.line('Press Ctrl-C to stop it.')
      if (args.has('open')) openInBrowser(web.url)
      await stopAsked()
      io.err.line('Stopping.')
      await web.close()
    } finally {
      await host.dispose()
    }
    return DONE
  },
}

async function initialOf(path: string): Promise<{ path: string; file: string | null }> {
  const facts = await stat(path).catch(() => null)
  if (!facts) {
    throw new AppError({ code: 'NOT_FOUND', message: `${path} is not there.`, where: path, next: 'Check the path.' })
  }
  return { path, file: facts.isFile() ? path : null }
}

function portTaken(port: number): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES' && error.code !== 'ERR_SOCKET_BAD_PORT') throw error
    throw new AppError({
      code: 'BAD_INPUT',
      message: `Port ${port} cannot be used (${error.code}).`,
      next: 'Choose another --port, or leave it out for a free one.',
    })
  }
}

/** A second signal while it is stopping ends the process at once, as the system would. */
function stopAsked(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done())
  })
}

function openInBrowser(url: string): void {
  const [program, args]: [string, string[]] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]]
  // The address is printed above: a machine without a browser needs no error.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}
