import { mkdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { appErrorOf } from '#shared/contract/call-error.ts'
import { AppError } from '#shared/contract/error.ts'
import type { Import, Importer } from '#shared/formats/format.ts'
import { IMPORTERS, importerOf } from '#shared/formats/registry.ts'
import { idFrom } from '#shared/model/id.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { JSON_FLAG } from '../choose.ts'
import { type Arguments, type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { openPath, withHost } from '../local-host.ts'
import { reportLosses } from '../report.ts'

const SOURCES = IMPORTERS.map((importer) => importer.id)
const EXTENSION = '.dag.yaml'

export const importCommand: Command = {
  name: 'import',
  summary: "Make a pipeline of another system's file, and say what is lost",
  positionals: ['FILE'],
  flags: {
    from: { type: 'string', value: SOURCES.join('|'), help: 'The system it comes from' },
    out: { type: 'string', short: 'o', value: `X${EXTENSION}`, help: 'Write it there; default: standard output' },
    tasks: {
      type: 'string',
      value: 'noop|command',
      help: 'What tasks do when run: nothing (default), or the recorded command',
    },
    force: { type: 'boolean', help: 'Overwrite a file that is there' },
    json: { ...JSON_FLAG, help: 'Print pipeline and losses as one JSON object' },
  },
  details: [
    'Nothing of the file is executed. Losses go to standard error.',
    'Recorded run times become estimates; with --out they are also kept as imported durations of that pipeline:',
    '`dagwright analyze X.dag.yaml --basis imported` takes them even after runs of your own.',
    'Recorded commands stand in the docs of each task. Most of them need the machine they were recorded on, so tasks do',
    'nothing when run; --tasks command makes shell tasks of them: read them before you run them.',
    '',
    ...IMPORTERS.map((importer) => `  ${importer.id.padEnd(12)}${importer.description}`),
  ],
  json: ['{ pipeline, text, losses: [{ feature, where: { field, tasks }, message, instead }], run }'],
  examples: ['dagwright import montage.json --from wfcommons --out montage.dag.yaml'],
  async run(args, io) {
    const { importer, tasks } = wanted(args)
    const path = args.positional(0)!
    const out = args.text('out')
    if (out !== undefined && !out.endsWith(EXTENSION)) {
      throw new UsageError(`--out takes the name of a pipeline file, not "${out}".`, `Let it end in ${EXTENSION}.`)
    }
    const text = await readSource(resolve(io.folder, path), path, importer)
    const id = out === undefined ? null : idFrom(basename(out, EXTENSION))
    const result = importer.import(text, { id, tasks })
    if (!result.ok) {
      throw new AppError({
        code: 'BAD_INPUT',
        message: `${path} cannot be imported from ${importer.title}.`,
        where: path,
        problems: [...result.problems],
      })
    }
    if (out !== undefined) await write(io, resolve(io.folder, out), out, result.value, args.has('force'))
    if (args.has('json')) io.out.line(JSON.stringify(result.value, null, 2))
    else if (out === undefined) io.out.write(result.value.text)
    reportLosses(io, result.value.losses)
    return DONE
  },
}

function wanted(args: Arguments): { readonly importer: Importer; readonly tasks: 'noop' | 'command' } {
  const offered = `Systems: ${SOURCES.join(', ')}.`
  const source = args.text('from')
  if (source === undefined) throw new UsageError('`import` needs --from.', offered)
  const importer = importerOf(source)
  if (!importer) {
    throw new UsageError(`Files of "${source}" cannot be imported.`, didYouMean(source, SOURCES, offered))
  }
  const tasks = args.text('tasks') ?? 'noop'
  if (tasks !== 'noop' && tasks !== 'command') {
    throw new UsageError(`--tasks takes noop or command, not "${tasks}".`, 'Correct it and try again.')
  }
  return { importer, tasks }
}

async function readSource(path: string, shown: string, importer: Importer): Promise<string> {
  try {
    const facts = await stat(path)
    if (!facts.isFile()) throw unreadable('BAD_INPUT', shown, 'is not a file')
    if (facts.size > importer.maxBytes) {
      const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
      const what = `has ${megabytes(facts.size)}; files up to ${megabytes(importer.maxBytes)} can be read`
      throw unreadable('FILE_TOO_LARGE', shown, what)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof TypeError) throw unreadable('FILE_NOT_TEXT', shown, 'is not UTF-8 text')
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw unreadable('NOT_FOUND', shown, 'does not exist')
    if (code === 'EACCES' || code === 'EPERM') throw unreadable('PERMISSION_DENIED', shown, 'may not be read by you')
    throw unreadable('IO_ERROR', shown, `cannot be read (${code ?? String(error)})`)
  }
}

function isThereAlready(error: unknown): boolean {
  return appErrorOf(error)?.code === 'FILE_CHANGED_ON_DISK'
}

function alreadyThere(shown: string): AppError {
  const next = 'Choose another name, or give --force to overwrite.'
  return new AppError({ code: 'BAD_INPUT', message: `${shown} is already there.`, where: shown, next })
}

function unreadable(code: AppError['data']['code'], shown: string, what: string): AppError {
  return new AppError({ code, message: `${shown} ${what}.`, where: shown, next: 'Choose another file.' })
}

/** Through the workspace the file lies in: its rules on paths and sizes hold, and an open app sees the new file. */
async function write(io: Terminal, path: string, shown: string, made: Import, force: boolean): Promise<void> {
  const folder = dirname(path)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const { code = 'IO_ERROR' } = error as NodeJS.ErrnoException
    const message = `The folder of ${shown} cannot be made (${code}).`
    throw new AppError({ code: 'IO_ERROR', message, where: folder, next: 'Choose another place with --out.' })
  }
  await withHost('dagwright import', io, async (client) => {
    const { workspace } = await openPath(client, folder, '.')
    const file = join(relative(workspace.root, resolve(folder)), basename(path))
      .split(sep)
      .join('/')
    await client.documents
      .write({ workspace: workspace.root, path: file, text: made.text, baseVersion: null, force })
      .catch((error: unknown) => {
        throw isThereAlready(error) ? alreadyThere(shown) : error
      })
    if (made.run) await client.history.putImported({ workspace: workspace.root, imported: made.run })
  })
  io.err.line(`Wrote ${shown}`)
}
