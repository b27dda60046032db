import type { Contribution, RunComparison, TaskDifference } from '#shared/analysis/compare-runs.ts'
import { differenceText, durationText } from '#shared/analysis/duration-text.ts'
import type { Micros } from '#shared/model/time.ts'
import { chooseRun, inSeconds, JSON_FLAG, openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE, type Terminal } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

export const compareCommand: Command = {
  name: 'compare',
  summary: 'Two runs task by task, and where the difference of their durations comes from',
  positionals: ['EARLIER', 'LATER'],
  flags: { workspace: WORKSPACE_FLAG, json: JSON_FLAG },
  details: [
    'EARLIER and LATER: ids of runs (or their beginnings), or `last`. Differences are later minus earlier. What each task',
    "contributed is its time on the two runs' realized critical paths; these differences add up to the makespans'.",
  ],
  json: [
    '{ earlier, later, makespan: { earlier, later, delta }, tasks: [{ task, states, duration, work, waited }],',
    'explained: [{ task, kind, earlier, later, delta }] }',
  ],
  examples: ['dagwright compare 20261121T1 last', 'dagwright compare 20261120T060000Z-k3f9 last --json'],
  run: (args, io) =>
    withHost('dagwright compare', io, async (client) => {
      const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
      const earlier = (await chooseRun(client, workspace, args.positional(0)!)).run
      const later = (await chooseRun(client, workspace, args.positional(1)!)).run
      const comparison = await client.history.compare({ workspace, earlier, later })
      if (args.has('json')) io.out.line(JSON.stringify({ earlier, later, ...comparisonInSeconds(comparison) }, null, 2))
      else printComparison(io, comparison)
      return DONE
    }),
}

const SIDES = new Set(['earlier', 'later', 'delta'])

function comparisonInSeconds({ makespan, tasks, explained }: RunComparison) {
  const seconds = <T>(value: T) => inSeconds(value, SIDES)
  return {
    makespan: seconds(makespan),
    tasks: tasks.map(({ duration, work, waited, ...task }) => ({
      ...task,
      duration: seconds(duration),
      work: seconds(work),
      waited: seconds(waited),
    })),
    explained: seconds(explained),
  }
}

function printComparison(io: Terminal, { makespan, tasks, explained }: RunComparison): void {
  const { out } = io
  out.line(`makespan  ${timeText(makespan.earlier)} → ${timeText(makespan.later)}, ${deltaText(makespan.delta)}`)
  const contributing = explained.filter(({ delta }) => delta !== 0)
  if (contributing.length > 0) {
    out.line()
    const head = ['on the path', 'as', 'earlier', 'later', 'difference'].map((cell) => out.paint('dim', cell))
    for (const line of table([head, ...contributing.map(contributionRow)], new Set([2, 3, 4]))) out.line(line)
  }
  out.line()
  const head = ['task', 'earlier', 'later', 'difference', 'waited', ''].map((cell) => out.paint('dim', cell))
  for (const line of table([head, ...tasks.map(taskRow)], new Set([1, 2, 3, 4]))) out.line(line)
}

function contributionRow({ task, kind, earlier, later, delta }: Contribution): string[] {
  return [plainText(task), kind, durationText(earlier), durationText(later), differenceText(delta)]
}

function taskRow({ task, states, duration, waited }: TaskDifference): string[] {
  const { earlier, later } = states
  const state = earlier === later ? '' : `${earlier ?? 'not there'} → ${later ?? 'not there'}`.replaceAll('_', ' ')
  const times = [
    timeText(duration.earlier),
    timeText(duration.later),
    deltaText(duration.delta),
    deltaText(waited.delta),
  ]
  return [plainText(task), ...times, state]
}

function timeText(time: Micros | null): string {
  return time === null ? '–' : durationText(time)
}

function deltaText(delta: Micros | null): string {
  return delta === null ? '–' : differenceText(delta)
}
