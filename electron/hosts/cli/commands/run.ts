import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { resolveParameters } from '#shared/expression/parameters.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { type ChosenPipeline, choosePipeline, chooseRun, JSON_FLAG, toldAsTyped } from '../choose.ts'
import { type Arguments, type Command, DONE, UsageError } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { withHost } from '../local-host.ts'
import { planInSeconds, printRunPlan } from '../run-plan-report.ts'

export const runCommand: Command = {
  name: 'run',
  summary: 'Run a pipeline on this machine and wait for its end',
  positionals: ['FILE'],
  flags: {
    param: {
      type: 'string',
      multiple: true,
      short: 'p',
      value: 'NAME=VALUE',
      help: 'Set a parameter; may be repeated',
    },
    'logical-date': {
      type: 'string',
      value: 'DATE',
      help: 'What the run is about; default: the last tick of its schedule',
    },
    slots: { type: 'string', value: 'N', help: 'How many tasks may run at the same time' },
    from: { type: 'string', multiple: true, value: 'TASK', help: 'Run this task and all that follow it' },
    to: { type: 'string', multiple: true, value: 'TASK', help: 'Run this task and all it needs' },
    'up-to': { type: 'string', multiple: true, value: 'TASK', help: 'The same as --to' },
    only: { type: 'string', multiple: true, value: 'TASK', help: 'Run this task alone' },
    'rerun-failed': { type: 'string', value: 'RUN', help: 'Keep the successes of an earlier run that still hold' },
    'fail-fast': { type: 'boolean', help: 'The first failure of a required task ends the run' },
    pins: { type: 'boolean', help: 'Let pinned tasks take their pinned outputs; without it they run' },
    'no-cache': { type: 'boolean', help: 'Run tasks with `cache: true` though an earlier result fits' },
    'dry-run': { type: 'boolean', help: 'Print what would run, in which order and with what code; runs nothing' },
    json: { ...JSON_FLAG, help: 'Print the result as one JSON object (times in seconds)' },
    events: { type: 'boolean', help: "Print the run's events as lines of JSON while it runs" },
  },
  details: [
    'Progress goes to standard error, the result to standard output. Ctrl-C cancels; twice kills.',
    'Running this command is consent for this one run; it does not trust the folder.',
  ],
  json: [
    '{ run, pipeline, state: success|partial|failed|cancelled|interrupted, makespan, tasks: { ID: { state, origin,',
    'attempts, duration, queued, exitCode, outputs, instances?: [{ index, … }] } } }',
    'With --events, before it: every event of the journal on a line of its own.',
    'With --dry-run: { pipeline, name, file, params, logicalDate, dataInterval, slots, pools, parent, makespan, tasks: [{ task,',
    'kind, does: run|pin|reuse|skip, why, cache, start, expected, code, environment, secrets, problem, … }] }',
  ],
  fails: 'the run failed, was cancelled or interrupted',
  examples: [
    'dagwright run flights.dag.yaml -p min_distance=500',
    'dagwright run flights.dag.yaml --dry-run',
    'dagwright run flights.dag.yaml --from clean --to report',
    'dagwright run flights.dag.yaml --rerun-failed last',
  ],
  run: (args, io) =>
    withHost(
      'dagwright run',
      io,
      async (client) => {
        const chosen = await choosePipeline(client, io, args.positional(0)!)
        const workspace = chosen.workspace.root
        const parent = args.text('rerun-failed')
        const slots = args.number('slots', 1)
        const logicalDate = args.text('logical-date')
        const asked = {
          workspace,
          path: chosen.file,
          params: await paramsOf(client, chosen, args.texts('param'), parent !== undefined),
          selection: selectionOf(args),
          trigger: 'cli' as const,
          pins: args.has('pins'),
          cache: !args.has('no-cache'),
          ...(slots === undefined ? {} : { slots }),
          ...(args.has('fail-fast') ? { failFast: true } : {}),
          ...(logicalDate === undefined ? {} : { logicalDate }),
          ...(parent === undefined ? {} : { rerunFailedOf: (await chooseRun(client, workspace, parent, chosen)).run }),
        }
        if (args.has('dry-run')) {
          const plan = await toldAsTyped(chosen, client.runs.plan(asked))
          if (args.has('json')) io.out.line(JSON.stringify(planInSeconds(plan), null, 2))
          else printRunPlan(io.out, plan)
          return DONE
        }
        const { run } = await toldAsTyped(chosen, client.runs.start(asked))
        const options = { json: args.has('json'), events: args.has('events'), after: -1 }
        return followRun(client, io, { workspace, run }, options)
      },
      { willRun: !args.has('dry-run') },
    ),
}

function selectionOf(args: Arguments) {
  return {
    from: [...args.texts('from')],
    upTo: [...args.texts('to'), ...args.texts('up-to')],
    only: [...args.texts('only')],
  }
}

/** Texts become values by the types the pipeline declares. A pipeline that has errors is left for the start to refuse. */
async function paramsOf(
  client: ContractClient,
  chosen: ChosenPipeline,
  written: readonly string[],
  partial: boolean,
): Promise<Record<string, Json>> {
  if (written.length === 0) return {}
  const given = Object.fromEntries(written.map(pairOf))
  const { root, pools } = chosen.workspace
  const { text } = await toldAsTyped(chosen, client.documents.read({ workspace: root, path: chosen.file }))
  const document = parseDocument(text, { sharedPools: new Map(Object.entries(pools)) })
  if (!document.pipeline || hasErrors(document)) return given
  const resolved = resolveParameters(document.pipeline, given, { fromText: true })
  if (!resolved.ok) {
    throw new AppError({
      code: 'INVALID_PARAMETERS',
      message: resolved.problems[0]?.message ?? 'A parameter has a wrong value.',
      where: chosen.shown,
      next: 'Give parameters as --param NAME=VALUE.',
      problems: [...resolved.problems],
    })
  }
  if (!partial) return resolved.value
  // What was not given comes from the earlier run, not from the defaults.
  return Object.fromEntries(Object.entries(resolved.value).filter(([name]) => Object.hasOwn(given, name)))
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at <= 0) throw new UsageError(`--param takes NAME=VALUE, not "${text}".`, 'See `dagwright run --help`.')
  return [text.slice(0, at), text.slice(at + 1)]
}
