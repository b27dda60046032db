import { AppError } from '#shared/contract/error.ts'
import { nearest } from '#shared/model/suggestion.ts'
import { VERSION } from '../version.ts'
import {
  BAD_INPUT,
  type Command,
  DONE,
  type ExitCode,
  helpOf,
  parseArguments,
  type Terminal,
  UsageError,
} from './command.ts'
import { analyzeCommand } from './commands/analyze.ts'
import { cancelCommand } from './commands/cancel.ts'
import { compareCommand } from './commands/compare.ts'
import { doctorCommand } from './commands/doctor.ts'
import { exportCommand } from './commands/export.ts'
import { historyCommand } from './commands/history.ts'
import { importCommand } from './commands/import.ts'
import { layoutCommand } from './commands/layout.ts'
import { logsCommand } from './commands/logs.ts'
import { clearCommand, markCommand } from './commands/mark.ts'
import { pinsCommand } from './commands/pins.ts'
import { planCommand } from './commands/plan.ts'
import { queryCommand } from './commands/query.ts'
import { resumeCommand } from './commands/resume.ts'
import { runCommand } from './commands/run.ts'
import { runsCommand } from './commands/runs.ts'
import { sampleCommand } from './commands/sample.ts'
import { schemaCommand } from './commands/schema.ts'
import { serveCommand } from './commands/serve.ts'
import { simulateCommand } from './commands/simulate.ts'
import { sloCommand } from './commands/slo.ts'
import { validateCommand } from './commands/validate.ts'
import { whyCommand } from './commands/why.ts'
import { reportFailure } from './report.ts'
import { Output } from './terminal.ts'

const COMMANDS: readonly Command[] = [
  runCommand,
  validateCommand,
  runsCommand,
  logsCommand,
  whyCommand,
  analyzeCommand,
  historyCommand,
  compareCommand,
  sloCommand,
  queryCommand,
  simulateCommand,
  planCommand,
  exportCommand,
  layoutCommand,
  importCommand,
  serveCommand,
  resumeCommand,
  cancelCommand,
  markCommand,
  clearCommand,
  pinsCommand,
  sampleCommand,
  doctorCommand,
  schemaCommand,
]

function overview(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length)) + 2
  return [
    `Dagwright ${VERSION}: draw data pipelines, run them on this machine, see what makes them slow.`,
    '',
    'Usage: dagwright COMMAND …',
    '',
    'Commands:',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}${command.summary}`),
    '',
    '`dagwright COMMAND --help` tells more.',
    'Exit codes: 0 done; 1 the run failed, was cancelled or interrupted; 2 bad input or usage.',
  ].join('\n')
}

function commandNamed(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name)
  if (found) return found
  const meant = nearest(
    name,
    COMMANDS.map((command) => command.name),
  )
  const next = meant === undefined ? 'See `dagwright --help`.' : `Did you mean \`dagwright ${meant}\`?`
  throw new UsageError(`There is no command "${name}".`, next)
}

async function main(argv: readonly string[], io: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const wanted = name === 'help' ? rest[0] : undefined
    io.out.line(wanted === undefined ? overview() : helpOf(commandNamed(wanted)))
    return name === undefined ? BAD_INPUT : DONE
  }
  if (name === '--version' || name === '-v') {
    io.out.line(VERSION)
    return DONE
  }
  const command = commandNamed(name)
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (own.includes('--help') || own.includes('-h')) {
    io.out.line(helpOf(command))
    return DONE
  }
  return command.run(parseArguments(command, rest), io)
}

function lostOutput(why: string): AppError {
  const next = 'The work itself is done: `dagwright runs` lists the runs. Write the output elsewhere.'
  return new AppError({ code: 'IO_ERROR', message: `The output could not be written: ${why}.`, next })
}

const io: Terminal = {
  out: new Output(process.stdout, process.env),
  err: new Output(process.stderr, process.env),
  folder: process.cwd(),
}
try {
  process.exitCode = await main(process.argv.slice(2), io)
} catch (error) {
  reportFailure(error, io, process.argv.includes('--json'))
  process.exitCode = BAD_INPUT
}
await io.out.flush()
if (io.out.failure !== null) {
  reportFailure(lostOutput(io.out.failure), io, false)
  process.exitCode ||= BAD_INPUT
}
await io.err.flush()
// Whatever a library still holds open (a timer, a socket) must not keep a finished command from ending.
process.exit()
