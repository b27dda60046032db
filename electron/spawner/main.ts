import { existsSync } from 'node:fs'
import { SupervisedProcess } from './attempt.ts'
import { ForkServer, SYSTEM_PYTHONS } from './fork-server.ts'
import { type Launcher, NodeLauncher } from './launcher.ts'
import { encodeFrame, type FromSpawner, frameReader, LINE, type PrepareProcess, type ToSpawner } from './protocol.ts'
import { ProcessRecord } from './record.ts'
import { ScratchFolders } from './scratch.ts'

/**
 * The spawner: starts, supervises and kills task processes and writes their logs. A process of its own, because
 * starting a process costs more the larger the parent is. When its pipe to the engine closes it kills every group.
 */
const TICK_MILLISECONDS = 250
const LAST_REMOVALS_MILLISECONDS = 1000
/** A start is told this late unless an end is told before: short tasks then cost one message, not two. */
const STARTED_MILLISECONDS = 5
/** After so long without a task nobody needs the spare folders, and no start brings the last ends to the record. */
const IDLE_MILLISECONDS = 1000

type Asked = Exclude<ToSpawner, { type: 'configure' }>

const folders = new ScratchFolders()
/** Prepared or running. */
const attempts = new Map<number, SupervisedProcess>()
let record: ProcessRecord | null = null
let launcher: Launcher | null = null
/** What was asked before it was known what starts processes. */
const early: Asked[] = []
let ticker: NodeJS.Timeout | null = null
let idle: NodeJS.Timeout | null = null
let unsent = ''
let delayed: NodeJS.Timeout | null = null
let soon = false

function send(message: FromSpawner): void {
  unsent += encodeFrame(message)
  if (message.type === 'started') {
    delayed ??= setTimeout(flush, STARTED_MILLISECONDS)
    return
  }
  // What ended by one message of the helper is told in one go: every write wakes the engine.
  if (!soon) queueMicrotask(flush)
  soon = true
  if (message.type !== 'ready') over(message.id)
}

function flush(): void {
  if (delayed !== null) clearTimeout(delayed)
  delayed = null
  soon = false
  const text = unsent
  unsent = ''
  process.stdout.write(text)
}

function over(id: number): void {
  attempts.delete(id)
  if (attempts.size > 0) return
  if (ticker !== null) clearInterval(ticker)
  ticker = null
  idle = idle?.refresh() ?? setTimeout(clearWhenIdle, IDLE_MILLISECONDS).unref()
}

function clearWhenIdle(): void {
  idle = null
  if (attempts.size > 0) return
  folders.clear()
  record?.flush()
}

function receive(message: ToSpawner): void {
  if (message.type === 'configure') configure(message.record)
  else if (launcher === null) early.push(message)
  else obey(message)
}

function configure(path: string): void {
  record = new ProcessRecord(path)
  void chooseLauncher().then((chosen) => {
    launcher = chosen
    send({ type: 'ready', line: chosen instanceof ForkServer })
    for (const message of early.splice(0)) obey(message)
  })
}

function obey(message: Asked): void {
  switch (message.type) {
    case 'prepare':
      prepare(message)
      return
    case 'begin':
      attempts.get(message.id)?.begin()
      return
    case 'stop':
      attempts.get(message.id)?.stop(message.kill)
      return
    case 'shift':
      for (const attempt of attempts.values()) if (attempt.request.run === message.run) attempt.shift(message.by)
      return
  }
}

/** On macOS Node itself uses posix_spawn, and on Windows nothing is forked. */
async function chooseLauncher(): Promise<Launcher> {
  const python = process.platform === 'linux' ? SYSTEM_PYTHONS.find((path) => existsSync(path)) : undefined
  if (python === undefined) return new NodeLauncher()
  const server = new ForkServer(python, LINE, () => die('The process that starts tasks ended.'))
  return (await server.ready) ? server : new NodeLauncher()
}

function prepare(request: PrepareProcess): void {
  try {
    if (record === null || launcher === null) throw new Error('The spawner was not configured.')
    attempts.set(request.id, new SupervisedProcess(request, launcher, record, folders, send))
    ticker ??= setInterval(() => {
      for (const attempt of attempts.values()) attempt.tick()
    }, TICK_MILLISECONDS)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    folders.remove(request.scratch)
    send({ type: 'refused', id: request.id, code: code ?? 'UNKNOWN', message })
  }
}

function abandonAll(): void {
  early.length = 0
  for (const attempt of attempts.values()) attempt.abandon()
  setTimeout(() => process.exit(0), LAST_REMOVALS_MILLISECONDS).unref()
  folders.clear()
  void Promise.all([folders.settled(), launcher?.close()]).then(() => process.exit(0))
}

/** Its last words reach the engine; what ran here is lost, and starts again under the next spawner. */
function die(why: string): never {
  flush()
  process.stderr.write(`${why}\n`)
  for (const attempt of attempts.values()) attempt.abandon()
  process.exit(1)
}

process.stdin.setEncoding('utf8')
process.stdin.on('data', frameReader<ToSpawner>(receive))
process.stdin.on('close', abandonAll)
process.stdin.on('error', abandonAll)
process.stdout.on('error', abandonAll)
// A key press in the terminal reaches every process of its group; the engine decides what it means.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('SIGTERM', abandonAll)
process.on('uncaughtException', (error) => die(error.stack ?? error.message))
