import { isAbsolute, join, relative, resolve } from 'node:path'
import { parseDocument } from '#shared/model/document.ts'
import type { Problem } from '#shared/model/problem.ts'
import { JSON_FLAG } from '../choose.ts'
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
  details: ['Prints each problem with its line and column. Exit code 2 if there are errors; warnings alone give 0.'],
  run: (args, io) =>
    withHost('dagwright validate', io, async (client) => {
      const path = args.positional(0) ?? '.'
      const { workspace, file } = await openPath(client, io.folder, path)
      const root = workspace.root
      const files = file === null ? workspace.pipelines.map((pipeline) => pipeline.path) : [file]
      const sharedPools = new Map(Object.entries(workspace.pools))
      const checked: Checked[] = []
      for (const one of files) {
        const { text } = await client.documents.read({ workspace: root, path: one })
        const { pipeline, problems } = parseDocument(text, { sharedPools })
        const valid = pipeline !== null && !problems.some((problem) => problem.severity === 'error')
        checked.push({ file: one, valid, problems })
      }
      const configValid = !workspace.problems.some((problem) => problem.severity === 'error')
      if (args.has('json')) {
        const config = { problems: workspace.problems, valid: configValid }
        io.out.line(JSON.stringify({ workspace: root, config, files: checked }, null, 2))
      } else {
        for (const problem of workspace.problems)
          printProblem(io.out, shown(io.folder, root, 'dagwright.yaml'), problem)
        for (const one of checked) {
          const name = shown(io.folder, root, one.file)
          for (const problem of one.problems) printProblem(io.out, name, problem)
          if (one.valid) io.out.line(`${name} ${io.out.paint('green', 'is valid')}`)
        }
        if (files.length === 0) io.err.line(`There is no pipeline in ${resolve(io.folder, path)}.`)
      }
      const valid = configValid && files.length > 0 && checked.every((one) => one.valid)
      return valid ? DONE : BAD_INPUT
    }),
}

/** As a person here would type it. */
function shown(folder: string, root: string, file: string): string {
  const path = join(root, file)
  const near = relative(folder, path)
  return near.startsWith('..') || isAbsolute(near) ? path : near
}
