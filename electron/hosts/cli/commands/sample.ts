import { resolve } from 'node:path'
import { type Command, DONE } from '../command.ts'
import { withHost } from '../local-host.ts'

export const sampleCommand: Command = {
  name: 'sample',
  summary: 'Copy the sample workspace and print where it is',
  positionals: ['[DIR]'],
  flags: { json: { type: 'boolean', help: 'Print { "path": … }' } },
  details: ['DIR: the folder to put it into. Without it your documents are used, and a copy made earlier is kept.'],
  run: (args, io) =>
    withHost('dagwright sample', io, async (client) => {
      const folder = args.positional(0)
      const { path } = await client.workspace.createSample({
        folder: folder === undefined ? null : resolve(io.folder, folder),
      })
      io.out.line(args.has('json') ? JSON.stringify({ path }) : path)
      return DONE
    }),
}
