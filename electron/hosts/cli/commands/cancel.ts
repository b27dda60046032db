import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE } from '../command.ts'
import { withHost } from '../local-host.ts'

export const cancelCommand: Command = {
  name: 'cancel',
  summary: 'Cancel a run that another process (the app, a terminal) is driving',
  positionals: ['RUN'],
  flags: {
    kill: { type: 'boolean', help: 'End the tasks at once instead of asking them to end' },
    workspace: WORKSPACE_FLAG,
    json: JSON_FLAG,
  },
  details: ['RUN: an id, the beginning of one, or `last`.'],
  json: ['{ run, asked: end|kill }'],
  examples: ['dagwright cancel last', 'dagwright cancel last --kill'],
  run: (args, io) =>
    withHost('dagwright cancel', io, async (client) => {
      const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
      const { run } = await chooseRun(client, workspace, args.positional(0)!)
      const kill = args.has('kill')
      await client.runs.cancel({ workspace, run, kill })
      if (args.has('json')) io.out.line(JSON.stringify({ run, asked: kill ? 'kill' : 'end' }, null, 2))
      else io.err.line(`Asked ${run} to end.`)
      return DONE
    }),
}
