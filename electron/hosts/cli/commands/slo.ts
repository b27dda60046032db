import { durationText } from '#shared/analysis/duration-text.ts'
import { type Objective, type SloReport, type SloStatus, worstStatus } from '#shared/analysis/slo.ts'
import { secondsOf } from '#shared/model/time.ts'
import { JSON_FLAG, shownPath, toldAsTyped } from '../choose.ts'
import { type Command, DONE, RUN_FAILED, type Terminal } from '../command.ts'
import { openPath, withHost } from '../local-host.ts'
import { chancesOfNextRun } from '../next-run.ts'
import { plainText, type Style, table } from '../terminal.ts'

/** Enough to tell a chance to 2%. */
const DRAWS = 2_000

export const sloCommand: Command = {
  name: 'slo',
  summary: 'Whether the objectives of a pipeline and its tasks are kept',
  positionals: ['[FILE]'],
  flags: {
    draws: { type: 'string', value: 'N', help: `Draws for the chance of the next run; default: ${DRAWS}, 0: none` },
    json: JSON_FLAG,
  },
  details: [
    'FILE: a pipeline file, or a folder for all of its pipelines.',
    'Only whole runs count: everything selected and executed, ended in success or failure. Durations are those of the',
    'successes. `finishBy` means the first such time at or after the logical date, in its own time zone; a failed run was',
    'not done by then. At risk: kept, but the latest quarter of the window misses more often than the budget allows, or',
    'the next run, simulated from its tasks as in `dagwright simulate`, keeps it with a chance below 90%.',
  ],
  json: [
    '{ status: met|at_risk|missed|no_data, pipelines: [{ file, objectives: [{ task, promise, limit, measured, attainment,',
    'status, budget, chanceToMeet, … }] }] }',
  ],
  fails: 'an objective is missed',
  examples: ['dagwright slo', 'dagwright slo flights.dag.yaml --json'],
  run: (args, io) =>
    withHost('dagwright slo', io, async (client) => {
      const path = args.positional(0) ?? '.'
      const draws = args.number('draws', 0) ?? DRAWS
      const { workspace, file } = await openPath(client, io.folder, path)
      const files = file === null ? workspace.pipelines.map((pipeline) => pipeline.path) : [file]
      const reports: { readonly file: string; readonly report: SloReport }[] = []
      for (const one of files) {
        const shown = shownPath(io.folder, workspace.root, one)
        const call = client.history.slo({ workspace: workspace.root, path: one })
        const chosen = { workspace, file: one, shown }
        const past = await toldAsTyped(chosen, call)
        if (past === null) continue
        const chances = draws === 0 ? [] : [...(await chancesOfNextRun(client, chosen, draws))]
        const report = await client.history.slo({ workspace: workspace.root, path: one, chances })
        if (report) reports.push({ file: shown, report })
      }
      const status = worstStatus(reports.map(({ report }) => report))
      if (args.has('json')) io.out.line(JSON.stringify({ status, pipelines: reports.map(jsonOf) }, null, 2))
      else printReports(io, reports, files.length)
      return status === 'missed' ? RUN_FAILED : DONE
    }),
}

function jsonOf({ file, report }: { readonly file: string; readonly report: SloReport }) {
  const seconds = (time: number | null) => (time === null ? null : secondsOf(time))
  const objectives = report.objectives.map((one) => ({
    ...one,
    limit: seconds(one.limit),
    measured: seconds(one.measured),
  }))
  return { file, ...report, objectives }
}

const STATUS: Readonly<Record<SloStatus, readonly [text: string, style: Style]>> = {
  met: ['met', 'green'],
  at_risk: ['at risk', 'yellow'],
  missed: ['missed', 'red'],
  no_data: ['no data', 'gray'],
}

function printReports(
  io: Terminal,
  reports: readonly { readonly file: string; readonly report: SloReport }[],
  files: number,
): void {
  const { out } = io
  if (reports.length === 0) {
    const where = files === 1 ? 'The pipeline has' : 'The pipelines have'
    out.line(`${where} no objectives. Write some: \`slo: { duration: { p95: 5m }, successRate: 0.99 }\`.`)
    return
  }
  const head = ['', 'of', 'objective', 'kept', 'budget left', 'next run', ''].map((cell) => out.paint('dim', cell))
  for (const { file, report } of reports) {
    out.line(out.paint('bold', plainText(file)))
    const rows = report.objectives.map((one) => {
      const [text, style] = STATUS[one.status]
      return [out.paint(style, text), plainText(one.task ?? 'pipeline'), one.promise, ...factsOf(one)]
    })
    for (const line of table([head, ...rows])) out.line(line)
  }
}

function factsOf(one: Objective): string[] {
  const chance = one.chanceToMeet === null ? '–' : `${Math.round(100 * one.chanceToMeet)}%`
  if (one.attainment === null) return ['–', '–', chance, 'no whole run yet']
  const share = `${Number((100 * one.attainment).toFixed(2))}% (${one.kept} of ${one.judged})`
  const { left, allowed } = one.budget
  const budget = `${Number(left.toFixed(2))} of ${Number(allowed.toFixed(2))} runs`
  const measured = one.measured === null ? '' : `measured ${durationText(one.measured)}`
  const short = one.judged < one.window ? `${one.judged} of ${one.window} runs so far` : ''
  return [share, budget, chance, [measured, short].filter((text) => text !== '').join(', ')]
}
