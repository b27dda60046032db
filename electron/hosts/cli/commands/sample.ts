import { resolve } from 'node:path'
import { SAMPLE_NAMES, SAMPLES, type SampleName } from '#shared/contract/samples.ts'
import { type Command, DONE, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { table } from '../terminal.ts'

export const sampleCommand: Command = {
  name: 'sample',
  summary: 'Copy a sample workspace and print where it is',
  positionals: ['[NAME]', '[DIR]'],
  flags: {
    list: { type: 'boolean', help: 'Print the samples there are' },
    json: { type: 'boolean', help: 'Print { "path": … }, or with --list the samples' },
  },
  details: [
    `NAME: ${SAMPLE_NAMES.join(', ')}. Without it, ${SAMPLE_NAMES[0]}.`,
    'DIR: the folder to put it into. Without it your documents are used, and a copy made earlier is kept.',
  ],
  json: ['{ path }; with --list: [{ name, title, about }]'],
  examples: ['dagwright sample', 'dagwright sample rules ~/rules', 'dagwright sample --list'],
  run: (args, io) => {
    if (args.has('list')) {
      const listed = SAMPLES.map(({ name, title, about }) => ({ name, title, about }))
      if (args.has('json')) io.out.line(JSON.stringify(listed, null, 2))
      else for (const line of table(listed.map(({ name, about }) => [name, about]))) io.out.line(line)
      return Promise.resolve(DONE)
    }
    const name = nameOf(args.positional(0))
    const folder = args.positional(1)
    return withHost('dagwright sample', io, async (client) => {
      const { path } = await client.workspace.createSample({
        name,
        folder: folder === undefined ? null : resolve(io.folder, folder),
      })
      io.out.line(args.has('json') ? JSON.stringify({ path }) : path)
      return DONE
    })
  },
}

function nameOf(typed = 'flights'): SampleName {
  const name = SAMPLE_NAMES.find((one) => one === typed)
  if (name === undefined) {
    throw new UsageError(`There is no sample ${typed}.`, `Choose one of ${SAMPLE_NAMES.join(', ')}.`)
  }
  return name
}
