import type { ContractClient } from '#shared/contract/client.ts'
import type { LogChunk } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { foldRun, loseRunning } from '#shared/journal/fold.ts'
import type { AttemptView, RunView } from '#shared/journal/run-view.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { secondsOf } from '#shared/model/time.ts'
import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Arguments, type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText } from '../terminal.ts'

type Line = LogChunk['lines'][number]

interface LogOf {
  readonly task: string
  readonly index: number | null
  readonly attempt: number
  readonly view: AttemptView
}

/** An attempt as `--json` prints it. */
interface LogJson extends Omit<LogOf, 'view'> {
  readonly state: AttemptView['state']
  /** What is there to read; `nothing`: it printed nothing. */
  readonly log: 'kept' | 'nothing' | 'deleted'
  readonly lines: readonly LineJson[]
}

interface LineJson {
  /** Seconds since the run began. */
  readonly time: number
  readonly stream: Line['stream']
  readonly text: string
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
    lines: { type: 'boolean', help: 'Print every line as a JSON object of its own, as it comes' },
  },
  details: ['RUN: an id, the beginning of one, or `last`. TASK: a task, or one instance of it, such as `stac[3]`.'],
  json: [
    '{ run, logs: [{ task, index, attempt, state, log: kept|nothing|deleted, lines: [{ time, stream: out|err|note, text }] }] }',
    'With --lines, on a line of its own: { task, index, attempt, time, stream, text }',
  ],
  examples: ['dagwright logs last', 'dagwright logs last load --all', 'dagwright logs last stac[3] --follow'],
  run: (args, io) =>
    withHost('dagwright logs', io, async (client) => {
      const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
      const { run } = await chooseRun(client, workspace, args.positional(0)!)
      const { summary, events } = await client.runs.get({ workspace, run })
      const view = foldRun(events)
      if (view === null) throw new Error('The run has no events.')
      if (summary.state === 'interrupted') loseRunning(view)
      const logs = logsOf(view, args.positional(1), chosenAttempts(args))
      const inputOf = ({ task, index, attempt }: LogOf) => {
        return { workspace, run, task, index, attempt, follow: args.has('follow') }
      }
      if (args.has('json')) {
        const told: LogJson[] = []
        for (const log of logs) told.push(await logJson(client, inputOf(log), log))
        io.out.line(JSON.stringify({ run, logs: told }, null, 2))
        return DONE
      }
      if (logs.length === 0) io.err.line('No attempt like that has begun.')
      for (const log of logs) {
        if (args.has('lines')) await eachLine(client, inputOf(log), (line) => io.out.line(lineObject(log, line)))
        else await printLog(client, io, inputOf(log), log, logs.length > 1)
      }
      return DONE
    }),
}

function chosenAttempts(args: Arguments): (attempts: readonly AttemptView[]) => readonly AttemptView[] {
  const wanted = args.number('attempt', 1)
  if (wanted !== undefined) return (attempts) => attempts.filter(({ attempt }) => attempt === wanted)
  return args.has('all') ? (attempts) => attempts : (attempts) => attempts.slice(-1)
}

function logsOf(view: RunView, wanted: string | undefined, choose: ReturnType<typeof chosenAttempts>): LogOf[] {
  const logs: LogOf[] = []
  const labels: string[] = []
  for (const id of view.order) {
    labels.push(id)
    for (const instance of view.tasks.get(id)!.instances) {
      const label = instanceLabel(id, instance.index)
      if (wanted !== undefined && wanted !== id && wanted !== label) continue
      for (const attempt of choose(instance.attempts)) {
        logs.push({ task: id, index: instance.index, attempt: attempt.attempt, view: attempt })
      }
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

type LogInput = Omit<Parameters<ContractClient['runs']['log']>[0], 'after'>

async function eachLine(client: ContractClient, input: LogInput, take: (line: Line) => void): Promise<number> {
  let lines = 0
  for await (const chunk of await client.runs.log({ ...input, after: 0 })) {
    lines += chunk.lines.length
    chunk.lines.forEach(take)
  }
  return lines
}

async function printLog(
  client: ContractClient,
  io: Terminal,
  input: LogInput,
  log: LogOf,
  titled: boolean,
): Promise<void> {
  const label = plainText(instanceLabel(log.task, log.index))
  if (titled) io.out.line(io.out.paint('bold', `── ${label}, attempt ${log.attempt}`))
  const lines = await eachLine(client, input, (line) => io.out.line(textLine(io, line)))
  if (lines > 0) return
  const why = log.view.logged
    ? 'was deleted: it printed something, but the file is not there any more'
    : log.view.state === 'running'
      ? 'is empty so far: it has printed nothing yet'
      : log.view.state === 'lost'
        ? 'is empty: it was lost with its engine, and nothing it may have printed was kept'
        : 'is empty: it printed nothing'
  io.err.line(`The log of ${label}, attempt ${log.attempt}, ${why}.`)
}

async function logJson(client: ContractClient, input: LogInput, { view, ...log }: LogOf): Promise<LogJson> {
  const lines: LineJson[] = []
  await eachLine(client, input, (line) => lines.push(lineJson(line)))
  const kept = lines.length > 0 ? 'kept' : view.logged ? 'deleted' : 'nothing'
  return { ...log, state: view.state, log: kept, lines }
}

function lineJson({ t, stream, text }: Line): LineJson {
  return { time: secondsOf(t), stream, text }
}

function lineObject({ task, index, attempt }: LogOf, line: Line): string {
  return JSON.stringify({ task, index, attempt, ...lineJson(line) })
}

function textLine(io: Terminal, { stream, text }: Line): string {
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
