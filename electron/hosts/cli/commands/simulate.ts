import { DEFAULT_DRAWS, type MonteCarloInput } from '#shared/analysis/monte-carlo.ts'
import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import type { Scenario } from '#shared/analysis/scenario.ts'
import { answerSimulation } from '#shared/analysis/simulation-answer.ts'
import type { SloGoal } from '#shared/analysis/slo-goals.ts'
import { PROVISIONING_INTERVAL } from '#shared/analysis/slots-curve.ts'
import { AppError } from '#shared/contract/error.ts'
import { parseDuration } from '#shared/model/duration.ts'
import { choosePipeline, JSON_FLAG } from '../choose.ts'
import { type Arguments, type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { makeDraws } from '../draws.ts'
import { withHost } from '../local-host.ts'
import { objectivesOf, SIMULATED_RUNS } from '../next-run.ts'
import { changeIn, choicesIn, poolsIn } from '../simulation-flags.ts'
import { simulationJson } from '../simulation-json.ts'
import { type LoadedSimulation, loadSimulation } from '../simulation-load.ts'
import { printSimulation } from '../simulation-report.ts'

const FIXES = 8
/** Enough to rank changes by their mean gain: differences have the same luck on both sides. */
const FIX_DRAWS = 300
const MOST_DRAWS = 10_000_000

export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'How long the next run will take, what would make it shorter, and what slots are worth',
  positionals: ['FILE'],
  flags: {
    slots: {
      type: 'string',
      value: 'N',
      help: 'Slots of the run; default: those of the pipeline, else of this machine',
    },
    pool: { type: 'string', multiple: true, value: 'NAME=N', help: 'Size of a pool; may be repeated' },
    'what-if': {
      type: 'string',
      multiple: true,
      value: 'CHANGE',
      help: 'Suppose a change (below); all are made together',
    },
    draws: { type: 'string', value: 'N', help: `Draws with varying durations; default: ${DEFAULT_DRAWS}, 0: none` },
    seed: { type: 'string', value: 'S', help: 'The same seed gives the same draws; default: 1' },
    choose: {
      type: 'string',
      multiple: true,
      value: 'CHOICE',
      help: 'How a condition, branch or mapping comes out (below)',
    },
    mean: { type: 'boolean', help: 'Rank what to fix first by the mean over 300 draws, not by one typical run' },
    estimates: { type: 'boolean', help: 'Take durations from the estimates, not from past runs' },
    'no-failures': {
      type: 'boolean',
      help: 'Let every attempt succeed; without it they fail as often as in past runs',
    },
    interval: { type: 'string', value: 'TIME', help: 'How often slots can be added or given back; default: 1m' },
    start: {
      type: 'string',
      value: 'INSTANT',
      help: 'When the run starts, for finish-by objectives; default: its schedule, else now',
    },
    json: JSON_FLAG,
  },
  details: [
    'Changes: TASK=0.5x (half the time), TASK=gone, TASK=split:4, TASK=late:20m, TASK=fails, slots:6, pool:NAME=3.',
    'Choices: TASK=when:false, TASK=edge:false, TASK=branch:a,b, TASK=instances:5; default: as in the last whole run.',
    `Attempts are drawn from the last ${SIMULATED_RUNS} runs (bootstrap), else from the estimate (PERT), each independently.`,
    'Ctrl-C stops drawing and prints what is known by then.',
  ],
  json: [
    '{ pipeline, slots, pools, runs, notes, makespan, state, longestPath, draws: { mean, percentiles, states, objectives, … },',
    'tasks: [{ task, duration, source, failureRates, criticality, success }], whatIf, fixes: [{ text, before, after, gain }],',
    'curve: [{ slots, makespan, bound, utilisation, slotHours }], provisioningInterval, slotPrice }',
  ],
  examples: [
    'dagwright simulate flights.dag.yaml --slots 4',
    'dagwright simulate flights.dag.yaml --what-if load=0.5x --what-if slots:6 --json',
  ],
  run: (args, io) =>
    withHost('dagwright simulate', io, async (client) => {
      const asked = askedIn(args)
      const chosen = await choosePipeline(client, io, args.positional(0)!)
      const loaded = await loadSimulation(client, chosen, { ...asked, runs: SIMULATED_RUNS })
      const curve = { most: null, interval: asked.interval }
      const plain = answerSimulation({
        source: loaded.source,
        scenario: asked.scenario,
        fixes: FIXES,
        fixDraws: asked.fixDraws,
        curve,
      })
      if (!plain.ok) {
        const [first] = plain.problems
        const next = first?.hint
        throw new AppError({
          code: 'BAD_INPUT',
          message: first?.message ?? "The pipeline can't be simulated.",
          where: chosen.shown,
          ...(next === undefined ? {} : { next }),
        })
      }
      const objectives = objectivesOf(loaded.source.pipeline, asked.start)
      const drawn = asked.draws === 0 ? [null, null] : await draw(loaded, asked, objectives, io)
      const [before = null, after = null] = drawn
      const simulation = { loaded, answer: plain, objectives, before, after, interval: asked.interval }
      if (args.has('json')) io.out.line(JSON.stringify(simulationJson(simulation), null, 2))
      else printSimulation(io, simulation)
      return DONE
    }),
}

function askedIn(args: Arguments) {
  const interval = parseDuration(args.text('interval') ?? '') ?? PROVISIONING_INTERVAL
  if (args.text('interval') !== undefined && (parseDuration(args.text('interval')!) ?? 0) < 1_000_000) {
    throw new UsageError(
      `--interval takes a duration of at least 1s, not "${args.text('interval')}".`,
      'For example 5m.',
    )
  }
  const draws = args.number('draws', 0) ?? DEFAULT_DRAWS
  if (draws > MOST_DRAWS) {
    throw new UsageError(
      `--draws takes at most ${MOST_DRAWS}, not ${draws}.`,
      'A hundred thousand tells a chance to 0.3%.',
    )
  }
  return {
    slots: args.number('slots', 1),
    pools: poolsIn(args.texts('pool')),
    scenario: args.texts('what-if').map(changeIn) satisfies Scenario,
    choices: choicesIn(args.texts('choose')),
    fixDraws: args.has('mean') ? FIX_DRAWS : 0,
    draws,
    seed: args.number('seed', 0) ?? 1,
    durations: args.has('estimates') ? ('estimate' as const) : ('history' as const),
    failures: args.has('no-failures') ? ('off' as const) : ('historical' as const),
    interval,
    start: startIn(args.text('start')),
  }
}

function startIn(text: string | undefined): number | null {
  if (text === undefined) return null
  const instant = Date.parse(text)
  if (Number.isFinite(instant)) return instant
  throw new UsageError(
    `--start takes an instant such as 2026-11-21T06:00:00Z, not "${text}".`,
    'Correct it and try again.',
  )
}

/** The draws as things are, and, where there is a scenario, with it: each draw with the same luck. */
async function draw(
  { source }: LoadedSimulation,
  asked: ReturnType<typeof askedIn>,
  objectives: readonly SloGoal[],
  io: Terminal,
): Promise<(MonteCarloResult | null)[]> {
  const scenarios: Scenario[] = asked.scenario.length === 0 ? [[]] : [[], asked.scenario]
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  const total = asked.draws * scenarios.length
  const progress = (drawn: number) => {
    if (io.err.isTerminal) io.err.write(`\r${drawn.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} draws`)
  }
  const results: (MonteCarloResult | null)[] = []
  for (const [number, scenario] of scenarios.entries()) {
    const input: MonteCarloInput = { source, scenario, seed: asked.seed, goals: objectives.map(({ goal }) => goal) }
    const sofar = number * asked.draws
    results.push(await makeDraws(input, asked.draws, stopping.signal, (drawn) => progress(sofar + drawn)))
  }
  process.off('SIGINT', stop)
  if (io.err.isTerminal) io.err.write('\r\u001b[K')
  return results
}
