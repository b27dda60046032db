import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { Export } from '#shared/formats/format.ts'
import { EXPORTERS, exporterOf } from '#shared/formats/registry.ts'
import { parseDocument } from '#shared/model/document.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { choosePipeline, JSON_FLAG } from '../choose.ts'
import { type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText } from '../terminal.ts'

const TARGETS = EXPORTERS.map((exporter) => exporter.id)

export const exportCommand: Command = {
  name: 'export',
  summary: 'Write a pipeline for another system, and say what that system cannot express',
  positionals: ['FILE'],
  flags: {
    to: { type: 'string', value: TARGETS.join('|'), help: 'The target' },
    out: { type: 'string', short: 'o', value: 'DIR', help: 'Write files there; default: standard output' },
    force: { type: 'boolean', help: 'Overwrite files that are there' },
    json: { ...JSON_FLAG, help: 'Print files and losses as one JSON object' },
  },
  details: [
    'Losses go to standard error.',
    '',
    ...EXPORTERS.map((exporter) => `  ${exporter.id.padEnd(10)}${exporter.description}`),
  ],
  run: (args, io) =>
    withHost('dagwright export', io, async (client) => {
      const target = args.text('to')
      if (target === undefined) throw new UsageError('`export` needs --to.', `Targets: ${TARGETS.join(', ')}.`)
      const exporter = exporterOf(target)
      if (!exporter) {
        throw new UsageError(
          `There is no target "${target}".`,
          didYouMean(target, TARGETS, `Targets: ${TARGETS.join(', ')}.`),
        )
      }
      const { workspace, file } = await choosePipeline(client, io, args.positional(0)!)
      const { text } = await client.documents.read({ workspace: workspace.root, path: file })
      const { pipeline, problems } = parseDocument(text, { sharedPools: new Map(Object.entries(workspace.pools)) })
      const errors = problems.filter((problem) => problem.severity === 'error')
      if (!pipeline || errors.length > 0) {
        throw new AppError({
          code: 'INVALID_PIPELINE',
          message: 'A pipeline with errors cannot be exported.',
          where: file,
          next: 'Correct it: see `dagwright validate`.',
          problems: errors,
        })
      }
      const exported = exporter.export(pipeline, { source: file })
      const folder = args.text('out')
      if (folder !== undefined) await writeFiles(io, exported, resolve(io.folder, folder), args.has('force'))
      if (args.has('json')) io.out.line(JSON.stringify(exported, null, 2))
      else if (folder === undefined) for (const one of exported.files) io.out.write(one.text)
      reportLosses(io, exported)
      return DONE
    }),
}

async function writeFiles(io: Terminal, exported: Export, folder: string, force: boolean): Promise<void> {
  for (const file of exported.files) {
    const path = join(folder, file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.text, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw failedWrite(error, path)
    })
    io.err.line(`Wrote ${path}`)
  }
}

function failedWrite(error: NodeJS.ErrnoException, path: string): AppError {
  if (error.code === 'EEXIST') {
    const next = 'Choose another folder, or give --force to overwrite.'
    return new AppError({ code: 'BAD_INPUT', message: 'The file is already there.', where: path, next })
  }
  const code = error.code === 'ENOSPC' ? 'DISK_FULL' : error.code === 'EACCES' ? 'PERMISSION_DENIED' : 'IO_ERROR'
  return new AppError({ code, message: `The file could not be written (${error.code}).`, where: path })
}

function reportLosses(io: Terminal, { losses }: Export): void {
  const { err } = io
  for (const loss of losses) {
    const tasks = loss.where.tasks.length > 0 ? ` (${loss.where.tasks.map(plainText).join(', ')})` : ''
    err.line(`${err.paint('yellow', 'lost')} ${loss.feature}${tasks}, ${loss.where.field}: ${plainText(loss.message)}`)
    err.line(`  instead: ${plainText(loss.instead)}`)
  }
}
