import type { ContractClient } from '#shared/contract/client.ts'
import type { LogChunk } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { foldRun } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { secondsOf } from '#shared/model/time.ts'
import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText } from '../terminal.ts'

interface LogOf {
  readonly task: string
  readonly index: number | null
  readonly attempt: number
}

export const logsCommand: Command = {
  name: 'logs',
  summary: 'Print what the tasks of a run wrote',
  positionals: ['RUN', '[TASK]'],
  flags: {
    attempt: { type: 'string', value: 'N', help: 'This attempt; default: the last one' },
    all: { type: 'boolean', help: 'All attempts' },
    follow: { type: 'boolean', short: 'f', help: 'Wait for more until the attempt ends' },
    workspace: WORKSPACE_FLAG,
    json: JSON_FLAG,
  },
  details: ['RUN: an id, the beginning of one, or `last`. TASK: a task, or one instance of it, such as `stac[3]`.'],
  examples: ['dagwright logs last', 'dagwright logs last load --all', 'dagwright logs last stac[3] --follow'],
  run: (args, io) =>
    withHost('dagwright logs', io, async (client) => {
      const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
      const { run } = await chooseRun(client, workspace, args.positional(0)!)
      const view = foldRun((await client.runs.get({ workspace, run })).events)
      if (view === null) throw new Error('The run has no events.')
      const wanted = args.number('attempt', 1)
      const logs = logsOf(view, args.positional(1), (attempts) => {
        if (wanted !== undefined) return attempts.filter((attempt) => attempt === wanted)
        return args.has('all') ? attempts : attempts.slice(-1)
      })
      if (logs.length === 0) io.err.line('No attempt like that has begun.')
      for (const log of logs) {
        const titled = logs.length > 1 && !args.has('json')
        await printLog(client, io, { workspace, run, ...log, follow: args.has('follow') }, args.has('json'), titled)
      }
      return DONE
    }),
}

function logsOf(view: RunView, wanted: string | undefined, choose: (attempts: number[]) => number[]): LogOf[] {
  const logs: LogOf[] = []
  const labels: string[] = []
  for (const id of view.order) {
    labels.push(id)
    for (const instance of view.tasks.get(id)!.instances) {
      const label = instanceLabel(id, instance.index)
      if (wanted !== undefined && wanted !== id && wanted !== label) continue
      const attempts = choose(instance.attempts.map((attempt) => attempt.attempt))
      for (const attempt of attempts) logs.push({ task: id, index: instance.index, attempt })
    }
  }
  if (wanted !== undefined && !labels.includes(wanted.replace(/\[\d+\]$/, ''))) {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The run has no task "${wanted}".`,
      next: didYouMean(wanted, labels, `It has ${labels.slice(0, 10).join(', ')}.`),
    })
  }
  if (wanted?.endsWith(']') && logs.length === 0 && !labels.includes(wanted)) {
    throw new UsageError(`${wanted} has not begun.`, 'See `dagwright runs`.')
  }
  return logs
}

type LogInput = Parameters<ContractClient['runs']['log']>[0]

async function printLog(
  client: ContractClient,
  io: Terminal,
  input: Omit<LogInput, 'after'>,
  json: boolean,
  titled: boolean,
): Promise<void> {
  const label = instanceLabel(input.task, input.index)
  if (titled) io.out.line(io.out.paint('bold', `── ${plainText(label)}, attempt ${input.attempt}`))
  let lines = 0
  for await (const chunk of await client.runs.log({ ...input, after: 0 })) {
    lines += chunk.lines.length
    for (const line of chunk.lines) io.out.line(json ? jsonLine(input, line) : textLine(io, line))
  }
  // What prints nothing leaves no file, so the two look alike.
  if (lines === 0) io.err.line(`${plainText(label)} has no log: it printed nothing, or the file was deleted.`)
}

function jsonLine({ task, index, attempt }: LogOf, line: LogChunk['lines'][number]): string {
  return JSON.stringify({ task, index, attempt, time: secondsOf(line.t), stream: line.stream, text: line.text })
}

function textLine(io: Terminal, { stream, text }: LogChunk['lines'][number]): string {
  // A task's colours are welcome on a terminal, and nowhere else.
  const shown = io.out.isTerminal ? text : plainText(text)
  if (stream === 'note') return io.out.paint('yellow', `-- ${plainText(noteText(text))}`)
  return stream === 'err' ? io.out.paint('red', shown) : shown
}

/** A log says `cut BYTES` where its middle was left out. */
function noteText(text: string): string {
  const cut = /^cut (\d+)$/.exec(text)
  if (!cut) return text
  const megabytes = (Number(cut[1]) / 1e6).toFixed(1)
  return `${megabytes} MB left out here: the log had reached its size limit`
}
