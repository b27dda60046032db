import { AppError } from '#shared/contract/error.ts'
import { type InstanceRef, type InstanceState, instanceLabel } from '#shared/journal/event.ts'
import { foldRun, loseRunning } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { clockAt } from '#shared/journal/summary.ts'
import { instanceNamed, whyContext, whyOf, whyParts } from '#shared/journal/why.ts'
import { parseDocument } from '#shared/model/document.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { chooseRun, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE, type Terminal } from '../command.ts'
import { withHost } from '../local-host.ts'
import { stateText } from '../progress.ts'
import { plainText, table } from '../terminal.ts'

export const whyCommand: Command = {
  name: 'why',
  summary: 'Say why a task of a run is in its state',
  positionals: ['RUN', '[TASK]'],
  flags: { workspace: WORKSPACE_FLAG, json: JSON_FLAG },
  details: ['RUN: an id, the beginning of one, or `last`. TASK: a task, or one instance of it, such as `stac[3]`.'],
  json: ['{ run, tasks: [{ task, index, state, why, parts }] }'],
  examples: ['dagwright why last', 'dagwright why last load_b', 'dagwright why 20261121T1 stac[3] --json'],
  run: (args, io) =>
    withHost('dagwright why', io, async (client) => {
      const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
      const { run } = await chooseRun(client, workspace, args.positional(0)!)
      const { summary, events } = await client.runs.get({ workspace, run })
      const { spec } = await client.runs.frozen({ workspace, run })
      const view = foldRun(events)
      if (view === null) throw new Error('The run has no events.')
      if (summary.state === 'interrupted') loseRunning(view)
      const at = { now: summary.live ? clockAt(view, Date.now()) : view.t, live: summary.live }
      const context = whyContext(view, parseDocument(spec).pipeline, at)
      const rows = askedFor(view, args.positional(1)).map((ref) => ({
        ...ref,
        state: stateIn(view, ref),
        why: whyOf(context, ref.task, ref.index) ?? '',
      }))
      if (args.has('json')) {
        const told = rows.map((row) => ({ ...row, parts: whyParts(view, row.why) }))
        io.out.line(JSON.stringify({ run, tasks: told }, null, 2))
      } else print(io, rows)
      return DONE
    }),
}

/** One instance; or a task, with its instances below it; or all tasks that took part. */
function askedFor(view: RunView, wanted: string | undefined): readonly InstanceRef[] {
  if (wanted === undefined) {
    const over = view.endedAt !== null
    const taking = view.order.filter((task) => !over || view.tasks.get(task)!.state !== 'pending')
    return taking.map((task) => ({ task, index: null }))
  }
  const found = instanceNamed(view, wanted)
  if (found === null) {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The run has no task "${wanted}".`,
      where: view.header.run,
      next: didYouMean(wanted, view.order, `It has ${view.order.slice(0, 10).join(', ')}.`),
    })
  }
  const task = view.tasks.get(found.task)!
  if (found.index !== null || !task.mapped) return [found]
  return [found, ...task.instances.map(({ index }) => ({ task: found.task, index }))]
}

function stateIn(view: RunView, { task, index }: InstanceRef): InstanceState {
  const found = view.tasks.get(task)!
  return index === null ? found.state : found.instances[index]!.state
}

function print(io: Terminal, rows: readonly (InstanceRef & { state: InstanceState; why: string })[]): void {
  const cells = rows.map(({ task, index, state, why }) => [
    stateText(io.out, state),
    plainText(instanceLabel(task, index)),
    plainText(why),
  ])
  for (const line of table(cells)) io.out.line(line)
}
