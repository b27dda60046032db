import { z } from 'zod'
import type { ContractClient } from '#shared/contract/client.ts'
import type { Pin } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { parseDocument } from '#shared/model/document.ts'
import type { Json, Pipeline } from '#shared/model/pipeline.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { type ChosenPipeline, choosePipeline, chooseRun, JSON_FLAG, toldAsTyped } from '../choose.ts'
import { type Arguments, type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

export const pinsCommand: Command = {
  name: 'pins',
  summary: 'List, set and remove outputs that stand for tasks in runs with --pins',
  positionals: ['[FILE]'],
  flags: {
    set: { type: 'string', value: 'TASK', help: 'Pin what the task handed on in a run, or --outputs' },
    run: { type: 'string', value: 'RUN', help: 'That run: an id, the beginning of one, or `last` (default)' },
    outputs: { type: 'string', value: 'JSON', help: 'Pin these outputs instead: an object' },
    remove: { type: 'string', value: 'TASK', help: 'Let the task run again' },
    json: JSON_FLAG,
  },
  details: [
    'Runs from the app take pins by themselves; `dagwright run` does so with --pins. They lie in .dagwright/pins.',
    'Prints the pins as they are then.',
  ],
  json: ['{ pipeline, pins: [{ task, outputs, instances, run, setAt }] }'],
  examples: [
    'dagwright pins flights.dag.yaml',
    'dagwright pins flights.dag.yaml --set extract --run last',
    'dagwright pins flights.dag.yaml --set extract --outputs \'{ "rows": 3 }\'',
    'dagwright pins flights.dag.yaml --remove extract',
  ],
  run: (args, io) =>
    withHost('dagwright pins', io, async (client) => {
      const chosen = await choosePipeline(client, io, args.positional(0) ?? '.')
      const pipeline = await pipelineIn(client, chosen)
      const where = { workspace: chosen.workspace.root, pipeline: pipeline.id }
      await change(client, args, pipeline, where)
      const pins = await client.pins.list(where)
      if (args.has('json')) io.out.line(JSON.stringify({ pipeline: pipeline.id, pins }, null, 2))
      else print(io, pins)
      return DONE
    }),
}

async function pipelineIn(client: ContractClient, chosen: ChosenPipeline): Promise<Pipeline> {
  const read = client.documents.read({ workspace: chosen.workspace.root, path: chosen.file })
  const { pipeline, problems } = parseDocument((await toldAsTyped(chosen, read)).text)
  if (pipeline) return pipeline
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: 'The file cannot be read as a pipeline.',
    where: chosen.shown,
    next: 'Correct it: see `dagwright validate`.',
    problems: problems.filter((problem) => problem.severity === 'error'),
  })
}

interface Where {
  readonly workspace: string
  readonly pipeline: string
}

async function change(client: ContractClient, args: Arguments, pipeline: Pipeline, where: Where): Promise<void> {
  const set = args.text('set')
  const removed = args.text('remove')
  const written = args.text('outputs')
  if (set === undefined && (written ?? args.text('run')) !== undefined) {
    throw new UsageError('--run and --outputs say what --set pins.', 'Name the task with --set TASK.')
  }
  if (removed !== undefined) await client.pins.remove({ ...where, task: removed })
  if (set === undefined) return
  const ids = pipeline.tasks.map(({ id }) => id)
  if (!ids.includes(set)) {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The pipeline has no task "${set}".`,
      where: pipeline.id,
      next: didYouMean(set, ids, `It has ${ids.slice(0, 10).join(', ')}.`),
    })
  }
  await client.pins.set({ ...where, task: set, value: await pinnedValue(client, args, where.workspace) })
}

async function pinnedValue(client: ContractClient, args: Arguments, workspace: string) {
  const written = args.text('outputs')
  if (written !== undefined) return { type: 'given' as const, outputs: objectIn(written) }
  const { run } = await chooseRun(client, workspace, args.text('run') ?? 'last')
  return { type: 'run' as const, run }
}

function objectIn(text: string): Record<string, Json> {
  try {
    return z.record(z.string(), z.custom<Json>()).parse(JSON.parse(text))
  } catch {
    // Told below, as any other text that is no object.
  }
  throw new UsageError(`--outputs takes a JSON object, not "${text}".`, 'For example \'{ "rows": 3 }\'.')
}

function print(io: Terminal, pins: readonly Pin[]): void {
  const rows = pins.map(({ task, outputs, instances, run, setAt }) => [
    plainText(task),
    run === null ? 'by hand' : `of run ${run}`,
    setAt,
    plainText(JSON.stringify(instances ?? outputs)),
  ])
  for (const line of table(rows)) io.out.line(line)
  if (pins.length === 0) io.err.line('Nothing is pinned.')
}
