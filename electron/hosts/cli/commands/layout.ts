import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { LAYOUT_BY } from '#shared/graph/layout-by-engine.ts'
import { beyondDagre, LAYOUT_ENGINES, type LayoutEngine } from '#shared/graph/layout-engine.ts'
import { TASK_HEIGHT, TASK_WIDTH } from '#shared/graph/spacing.ts'
import { taskLayoutInput } from '#shared/graph/task-layout.ts'
import { parseDocument } from '#shared/model/document.ts'
import { moveTasks } from '#shared/model/edit-task.ts'
import { applyPatches } from '#shared/model/patch.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type ChosenPipeline, choosePipeline, JSON_FLAG, toldAsTyped } from '../choose.ts'
import { type Arguments, type Command, DONE, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

type Point = readonly [x: number, y: number]

export const layoutCommand: Command = {
  name: 'layout',
  summary: 'Place the tasks of a pipeline for drawing',
  positionals: ['FILE'],
  flags: {
    json: { ...JSON_FLAG, help: 'Print { "nodes": { ID: [x, y] } }: top-left corners in pixels' },
    'node-size': {
      type: 'string',
      value: 'WxH',
      help: `Size of a task in pixels; default: ${TASK_WIDTH}x${TASK_HEIGHT}, a card of the app`,
    },
    direction: { type: 'string', value: 'LR|TB', help: 'Where dependencies lead: right (default) or down' },
    engine: {
      type: 'string',
      value: LAYOUT_ENGINES.join('|'),
      help: "Dagwright's own layout (default), or dagre's, for small pipelines",
    },
    write: { type: 'boolean', help: 'Store the places under `canvas` in the file; nothing else in it changes' },
  },
  details: ['The same file always gives the same places. Places that are in the file are not looked at.'],
  json: ['{ nodes: { ID: [x, y] } }'],
  examples: ['dagwright layout flights.dag.yaml --json', 'dagwright layout flights.dag.yaml --write'],
  run: (args, io) => {
    const size = sizeOf(args.text('node-size'))
    const direction = directionOf(args)
    const engine = engineOf(args)
    return withHost('dagwright layout', io, async (client) => {
      const chosen = await choosePipeline(client, io, args.positional(0)!)
      const { workspace, file, shown } = chosen
      const where = { workspace: workspace.root, path: file }
      const { text, version } = await toldAsTyped(chosen, client.documents.read(where))
      const places = placesOf(drawable(text, shown), size, direction, engine)
      if (args.has('write')) await write(client, chosen, text, version, places)
      if (args.has('json')) {
        io.out.line(JSON.stringify({ nodes: Object.fromEntries(places) }, null, 2))
        return DONE
      }
      const rows = [...places].map(([id, [x, y]]) => [plainText(id), String(x), String(y)])
      const head = ['task', 'x', 'y'].map((cell) => io.out.paint('dim', cell))
      for (const line of table([head, ...rows], new Set([1, 2]))) io.out.line(line)
      io.err.line(args.has('write') ? `Wrote the places to ${shown}` : 'Not stored: --write does that.')
      return DONE
    })
  },
}

const LARGEST = 10_000

function sizeOf(text: string | undefined): readonly [width: number, height: number] {
  if (text === undefined) return [TASK_WIDTH, TASK_HEIGHT]
  const match = /^(\d+)x(\d+)$/.exec(text)
  const [width, height] = [Number(match?.[1]), Number(match?.[2])]
  const fits = (value: number) => value >= 1 && value <= LARGEST
  if (fits(width) && fits(height)) return [width, height]
  throw new UsageError(
    `--node-size takes width and height in whole pixels, not "${text}".`,
    `For example --node-size 180x60; each from 1 to ${LARGEST}.`,
  )
}

function directionOf(args: Arguments): 'LR' | 'TB' {
  const text = args.text('direction') ?? 'LR'
  if (text === 'LR' || text === 'TB') return text
  throw new UsageError(`There is no direction "${text}".`, 'Give LR (to the right) or TB (downwards).')
}

function engineOf(args: Arguments): LayoutEngine {
  const text = args.text('engine') ?? 'dagwright'
  const engine = LAYOUT_ENGINES.find((name) => name === text)
  if (engine) return engine
  throw new UsageError(`There is no layout engine "${text}".`, `Give ${LAYOUT_ENGINES.join(' or ')}.`)
}

/** A pipeline with errors (a cycle, an unknown need) is drawn all the same, as on the canvas. */
function drawable(text: string, where: string): Pipeline {
  const { pipeline, problems } = parseDocument(text)
  if (pipeline) return pipeline
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: 'This file cannot be drawn: its text has a mistake that hides the pipeline.',
    where,
    next: 'Correct it: see `dagwright validate`.',
    problems: problems.filter((problem) => problem.severity === 'error'),
  })
}

function placesOf(
  pipeline: Pipeline,
  size: readonly [number, number],
  direction: 'LR' | 'TB',
  engine: LayoutEngine,
): Map<string, Point> {
  const beyond = engine === 'dagre' ? beyondDagre(pipeline.tasks.length) : undefined
  if (beyond !== undefined) throw new UsageError(beyond, "Leave --engine out: Dagwright's own layout takes any number.")
  const { graph, sizes, groups } = taskLayoutInput(pipeline, size)
  const corners = LAYOUT_BY[engine](graph, sizes, { direction, groups })
  return new Map(pipeline.tasks.map((task, number) => [task.id, [corners[2 * number]!, corners[2 * number + 1]!]]))
}

async function write(
  client: ContractClient,
  chosen: ChosenPipeline,
  text: string,
  version: string,
  places: ReadonlyMap<string, Point>,
): Promise<void> {
  const edited = moveTasks(parseDocument(text), places)
  if (!edited.ok) {
    throw new AppError({
      code: 'INVALID_PIPELINE',
      message: 'The places cannot be stored in this file.',
      where: chosen.shown,
      next: 'Correct it: see `dagwright validate`.',
      problems: [...edited.problems],
    })
  }
  await toldAsTyped(
    chosen,
    client.documents.write({
      workspace: chosen.workspace.root,
      path: chosen.file,
      text: applyPatches(text, edited.value),
      baseVersion: version,
    }),
  )
}
