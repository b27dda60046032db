import type { ContractClient } from '#shared/contract/client.ts'
import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Arguments, type Command, type ExitCode, type Terminal, UsageError } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { withHost } from '../local-host.ts'

const FLAGS: Command['flags'] = {
  workspace: WORKSPACE_FLAG,
  json: { ...JSON_FLAG, help: 'Print the result as one JSON object (times in seconds)' },
  events: { type: 'boolean', help: "Print the run's new events as lines of JSON while it runs" },
}
const DETAILS = [
  'RUN: an id, the beginning of one, or `last`. TASK: an id, or one instance of a mapped task, as in `load[3]`.',
  'A run that has ended goes on under the same id, as the file was when it began; the command waits for its end.',
]

export const markCommand: Command = {
  name: 'mark',
  summary: 'Say how a task of a run ended; what waited for it goes on',
  positionals: ['RUN', 'TASK', 'success|failed'],
  flags: FLAGS,
  details: DETAILS,
  json: [
    '{ run, pipeline, state: success|partial|failed|cancelled|interrupted, makespan, tasks: { ID: { state, origin,',
    'attempts, duration, queued, exitCode, outputs, instances?: [{ index, … }] } } }',
    'With --events, before it: every event of the journal on a line of its own.',
  ],
  fails: 'the run failed, was cancelled or interrupted',
  examples: ['dagwright mark last load success', 'dagwright mark last stac[3] failed --json'],
  run: (args, io) => {
    const as = args.positional(2)
    if (as !== 'success' && as !== 'failed') {
      throw new UsageError(`A task is marked \`success\` or \`failed\`, not "${as}".`, 'Write one of the two.')
    }
    return changing('mark', args, io, (client, where) => client.runs.mark({ ...where, as }))
  },
}

export const clearCommand: Command = {
  name: 'clear',
  summary: 'Let a task of a run run again, with all that depends on it',
  positionals: ['RUN', 'TASK'],
  flags: { only: { type: 'boolean', help: 'Without what depends on it' }, ...FLAGS },
  details: DETAILS,
  json: [
    '{ run, pipeline, state: success|partial|failed|cancelled|interrupted, makespan, tasks: { ID: { state, origin,',
    'attempts, duration, queued, exitCode, outputs, instances?: [{ index, … }] } } }',
    'With --events, before it: every event of the journal on a line of its own.',
  ],
  fails: 'the run failed, was cancelled or interrupted',
  examples: ['dagwright clear last load', 'dagwright clear last stac[3] --only'],
  run: (args, io) =>
    changing('clear', args, io, (client, where) => client.runs.clear({ ...where, downstream: !args.has('only') })),
}

interface Where {
  readonly workspace: string
  readonly run: string
  readonly task: string
  readonly index: number | null
}

function changing(
  name: string,
  args: Arguments,
  io: Terminal,
  change: (client: ContractClient, where: Where) => Promise<object>,
): Promise<ExitCode> {
  return withHost(`dagwright ${name}`, io, async (client) => {
    const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
    const { run } = await chooseRun(client, workspace, args.positional(0)!)
    const { events } = await client.runs.get({ workspace, run })
    await change(client, { workspace, run, ...instanceIn(args.positional(1)!) })
    const options = { json: args.has('json'), events: args.has('events'), after: events.at(-1)?.n ?? -1 }
    return followRun(client, io, { workspace, run }, options)
  })
}

function instanceIn(label: string): Pick<Where, 'task' | 'index'> {
  const match = /^(.+)\[(\d+)\]$/.exec(label)
  return match ? { task: match[1]!, index: Number(match[2]) } : { task: label, index: null }
}
