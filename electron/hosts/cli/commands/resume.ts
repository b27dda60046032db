import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import type { Command } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { withHost } from '../local-host.ts'

export const resumeCommand: Command = {
  name: 'resume',
  summary: 'Go on with an interrupted run and wait for its end',
  positionals: ['RUN'],
  flags: {
    workspace: WORKSPACE_FLAG,
    json: { ...JSON_FLAG, help: 'Print the result as one JSON object (times in seconds)' },
    events: { type: 'boolean', help: "Print the run's new events as lines of JSON while it runs" },
  },
  details: ['RUN: an id, the beginning of one, or `last`. What has ended stays; what was running runs again.'],
  json: [
    '{ run, pipeline, state: success|partial|failed|cancelled|interrupted, makespan, tasks: { ID: { state, origin,',
    'attempts, duration, queued, exitCode, outputs, instances?: [{ index, … }] } } }',
    'With --events, before it: every event of the journal on a line of its own.',
  ],
  fails: 'the run failed, was cancelled or interrupted',
  examples: ['dagwright resume last'],
  run: (args, io) =>
    withHost(
      'dagwright resume',
      io,
      async (client) => {
        const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
        const chosen = await chooseRun(client, workspace, args.positional(0)!)
        const { events } = await client.runs.get({ workspace, run: chosen.run })
        const { run } = await client.runs.resume({ workspace, run: chosen.run })
        const options = { json: args.has('json'), events: args.has('events'), after: events.at(-1)?.n ?? -1 }
        return followRun(client, io, { workspace, run }, options)
      },
      { willRun: true },
    ),
}
