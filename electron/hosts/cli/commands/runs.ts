import { durationText } from '#shared/analysis/duration-text.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import { secondsOf } from '#shared/model/time.ts'
import { changesReport } from '../changes-report.ts'
import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE, type ExitCode, type Terminal } from '../command.ts'
import { openPath, withHost } from '../local-host.ts'
import { plainText, type Style, table } from '../terminal.ts'

export const runsCommand: Command = {
  name: 'runs',
  summary: 'List the runs of a workspace, newest first',
  positionals: ['[FILE]'],
  flags: {
    pipeline: { type: 'string', value: 'ID', help: 'Only runs of this pipeline' },
    limit: { type: 'string', short: 'n', value: 'N', help: 'At most so many; default: 20' },
    changes: {
      type: 'string',
      value: 'RUN',
      help: 'What changed between this run and the last whole success before it',
    },
    workspace: WORKSPACE_FLAG,
    json: JSON_FLAG,
  },
  details: [
    'FILE: a pipeline file (then only its runs) or a folder.',
    '`journal damaged`: it could not be read to its end, or not at all; what could be read is shown.',
  ],
  json: [
    '[{ run, pipeline, name, file, state, startedAt, endedAt, makespan, counts, trigger, parent, partial, machine, live,',
    'damaged }]',
    'With --changes: { run, since, changes }',
  ],
  examples: ['dagwright runs', 'dagwright runs flights.dag.yaml -n 5 --json', 'dagwright runs --changes last'],
  run: (args, io) =>
    withHost('dagwright runs', io, async (client) => {
      const path = args.positional(0)
      const opened = path === undefined ? null : await openPath(client, io.folder, path)
      const workspace = opened?.workspace ?? (await openWorkspace(client, io, args.text('workspace')))
      const compared = args.text('changes')
      if (compared !== undefined) return showChanges(client, io, workspace.root, compared, args.has('json'))
      const ofFile = workspace.pipelines.find((pipeline) => pipeline.path === opened?.file)?.id ?? undefined
      const pipeline = args.text('pipeline') ?? ofFile
      const limit = args.number('limit', 1) ?? 20
      // A file that cannot be read has no id, but its runs remember where it lay.
      const file = pipeline === undefined ? (opened?.file ?? null) : null
      const listed = await client.runs.list({
        workspace: workspace.root,
        pipeline,
        ...(file === null ? { limit } : {}),
      })
      const runs = file === null ? listed : listed.filter((run) => run.file === file).slice(0, limit)
      if (args.has('json')) io.out.line(JSON.stringify(runs.map(inSeconds), null, 2))
      else if (runs.length === 0) io.err.line('No runs yet.')
      else
        for (const line of table(
          runs.map((run) => rowOf(run, io.out.paint.bind(io.out))),
          new Set([3]),
        ))
          io.out.line(line)
      return DONE
    }),
}

async function showChanges(
  client: ContractClient,
  io: Terminal,
  workspace: string,
  wanted: string,
  json: boolean,
): Promise<ExitCode> {
  const { run } = await chooseRun(client, workspace, wanted)
  const { since, changes } = await client.runs.changes({ workspace, run })
  if (json) io.out.line(JSON.stringify({ run, since: since?.run ?? null, changes }, null, 2))
  else if (since === null || changes === null) io.err.line('No whole run of this pipeline succeeded before this one.')
  else {
    io.err.line(`Since the last success, ${since.run}:`)
    for (const line of changesReport(changes, io.out.paint.bind(io.out))) io.out.line(line)
  }
  return DONE
}

function inSeconds({ makespan, ...run }: RunSummary) {
  return { ...run, makespan: makespan === null ? null : secondsOf(makespan) }
}

const STYLES: ReadonlyMap<string, Style> = new Map([
  ['success', 'green'],
  ['failed', 'red'],
  ['interrupted', 'red'],
  ['partial', 'yellow'],
  ['cancelled', 'yellow'],
  ['running', 'blue'],
])

function rowOf(run: RunSummary, paint: (style: Style, text: string) => string): string[] {
  const counts = Object.entries(run.counts).map(([state, count]) => {
    const lost = state === 'running' && run.state === 'interrupted'
    return `${count} ${lost ? 'lost' : state.replace('_', ' ')}`
  })
  return [
    run.run,
    paint(STYLES.get(run.state) ?? 'gray', run.state),
    run.startedAt.replace(/\.\d+Z$/, 'Z'),
    run.makespan === null ? '' : durationText(run.makespan),
    plainText(run.pipeline),
    run.damaged ? paint('red', 'journal damaged') : paint('dim', counts.join(', ')),
  ]
}
