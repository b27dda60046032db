import { resolve } from 'node:path'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { hasErrors, type ParseOptions, parseDocument } from '#shared/model/document.ts'
import type { Problem } from '#shared/model/problem.ts'
import { JSON_FLAG, shownPath } from '../choose.ts'
import { BAD_INPUT, type Command, DONE } from '../command.ts'
import { openPath, withHost } from '../local-host.ts'
import { printProblem } from '../report.ts'

interface Checked {
  readonly file: string
  readonly valid: boolean
  readonly problems: readonly Problem[]
}

export const validateCommand: Command = {
  name: 'validate',
  summary: 'Check a pipeline file, or all of a folder',
  positionals: ['[FILE]'],
  flags: { json: JSON_FLAG },
  details: ['Prints each problem with its line and column. Errors end it with 2; warnings alone with 0.'],
  json: [
    '{ workspace, config: { problems, valid }, files: [{ file, valid, problems: [{ code, severity, message, hint?, range? }] }] }',
  ],
  examples: ['dagwright validate', 'dagwright validate flights.dag.yaml --json'],
  run: (args, io) =>
    withHost('dagwright validate', io, async (client) => {
      const path = args.positional(0) ?? '.'
      const { workspace, file } = await openPath(client, io.folder, path)
      const root = workspace.root
      const files = file === null ? workspace.pipelines.map((pipeline) => pipeline.path) : [file]
      const declared = {
        sharedPools: new Map(Object.entries(workspace.pools)),
        connections: new Map(Object.entries(workspace.connections)),
      }
      const checked: Checked[] = []
      for (const one of files) {
        checked.push(await check(client, root, one, declared))
      }
      const configValid = !workspace.problems.some((problem) => problem.severity === 'error')
      if (args.has('json')) {
        const config = { problems: workspace.problems, valid: configValid }
        io.out.line(JSON.stringify({ workspace: root, config, files: checked }, null, 2))
      } else {
        for (const problem of workspace.problems)
          printProblem(io.out, shownPath(io.folder, root, 'dagwright.yaml'), problem)
        for (const one of checked) {
          const name = shownPath(io.folder, root, one.file)
          for (const problem of one.problems) printProblem(io.out, name, problem)
          if (one.valid) io.out.line(`${name} ${io.out.paint('green', 'is valid')}`)
        }
        if (files.length === 0) io.err.line(`There is no pipeline in ${resolve(io.folder, path)}.`)
      }
      const valid = configValid && files.length > 0 && checked.every((one) => one.valid)
      return valid ? DONE : BAD_INPUT
    }),
}

/** A file that cannot be read is a problem of that file: the others are checked all the same. */
async function check(
  client: ContractClient,
  workspace: string,
  file: string,
  declared: ParseOptions,
): Promise<Checked> {
  try {
    const { text } = await client.documents.read({ workspace, path: file })
    const document = parseDocument(text, declared)
    return { file, valid: !hasErrors(document), problems: document.problems }
  } catch (error) {
    const data = appErrorOf(error)
    if (!data) throw error
    const { code, message, next } = data
    return {
      file,
      valid: false,
      problems: [{ code, severity: 'error', message, ...(next === undefined ? {} : { hint: next }) }],
    }
  }
}
