import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { Export } from '#shared/formats/format.ts'
import { EXPORTERS, exporterOf } from '#shared/formats/registry.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { choosePipeline, JSON_FLAG, toldAsTyped } from '../choose.ts'
import { type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { reportLosses } from '../report.ts'

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
  json: ['{ files: [{ path, text, language }], losses: [{ feature, where: { field, tasks }, message, instead }] }'],
  examples: [
    'dagwright export flights.dag.yaml --to airflow --out dags',
    'dagwright export flights.dag.yaml --to mermaid',
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
      const chosen = await choosePipeline(client, io, args.positional(0)!)
      const { workspace, file } = chosen
      const { text } = await toldAsTyped(chosen, client.documents.read({ workspace: workspace.root, path: file }))
      const document = parseDocument(text, { sharedPools: new Map(Object.entries(workspace.pools)) })
      if (!document.pipeline || hasErrors(document)) {
        throw new AppError({
          code: 'INVALID_PIPELINE',
          message: 'A pipeline with errors cannot be exported.',
          where: chosen.shown,
          next: 'Correct it: see `dagwright validate`.',
          problems: document.problems.filter((problem) => problem.severity === 'error'),
        })
      }
      const exported = exporter.export(document.pipeline, { source: file })
      const folder = args.text('out')
      if (folder !== undefined) await writeFiles(io, exported, resolve(io.folder, folder), args.has('force'))
      if (args.has('json')) io.out.line(JSON.stringify(exported, null, 2))
      else if (folder === undefined) for (const one of exported.files) io.out.write(one.text)
      reportLosses(io, exported.losses)
      return DONE
    }),
}

async function writeFiles(io: Terminal, exported: Export, folder: string, force: boolean): Promise<void> {
  for (const file of exported.files) {
    const path = join(folder, file.path)
    try {
      await mkdir(dirname(path), { recursive: true })
    } catch (error) {
      throw failedWrite(error as NodeJS.ErrnoException, dirname(path))
    }
    await writeFile(path, file.text, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? alreadyThere(path) : failedWrite(error, path)
    })
    io.err.line(`Wrote ${path}`)
  }
}

function alreadyThere(path: string): AppError {
  const next = 'Choose another folder, or give --force to overwrite.'
  return new AppError({ code: 'BAD_INPUT', message: `${path} is already there.`, where: path, next })
}

function failedWrite(error: NodeJS.ErrnoException, path: string): AppError {
  const full = error.code === 'ENOSPC'
  const forbidden = error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS'
  return new AppError({
    code: full ? 'DISK_FULL' : forbidden ? 'PERMISSION_DENIED' : 'IO_ERROR',
    message: `${path} cannot be written (${error.code ?? error.message}).`,
    where: path,
    next: full
      ? 'Free some space on this disk, or choose another folder with --out.'
      : 'Choose another folder with --out.',
  })
}
