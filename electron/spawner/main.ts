import { existsSync } from 'node:fs'
import { SupervisedProcess } from './attempt.ts'
import { ForkServer, SYSTEM_PYTHONS } from './fork-server.ts'
import { type Launcher, nodeLauncher } from './launcher.ts'
import { encodeFrame, type FromSpawner, frameReader, type StartProcess, type ToSpawner } from './protocol.ts'
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

const waiting: StartProcess[] = []
const folders = new ScratchFolders()
const running = new Map<number, SupervisedProcess>()
let record: ProcessRecord | null = null
/** null: not known yet; what is to be started waits. */
let launcher: Launcher | null = null
let starterScheduled = false
let ticker: NodeJS.Timeout | null = null
let idle: NodeJS.Timeout | null = null
let unsent = ''
let delayed: NodeJS.Timeout | null = null
let soon: NodeJS.Immediate | null = null

function send(message: FromSpawner): void {
  unsent += encodeFrame(message)
  if (message.type === 'started') {
    delayed ??= setTimeout(flush, STARTED_MILLISECONDS)
    return
  }
  // What ends in one turn of the loop is told in one go: every write wakes the engine.
  soon ??= setImmediate(flush)
  if (message.type !== 'ready') over(message.id)
}

function flush(): void {
  if (delayed !== null) clearTimeout(delayed)
  if (soon !== null) clearImmediate(soon)
  delayed = null
  soon = null
  process.stdout.write(unsent)
  unsent = ''
}

function over(id: number): void {
  running.delete(id)
  if (running.size > 0) return
  if (ticker !== null) clearInterval(ticker)
  ticker = null
  idle = idle?.refresh() ?? setTimeout(clearWhenIdle, IDLE_MILLISECONDS).unref()
}

function clearWhenIdle(): void {
  idle = null
  if (running.size > 0) return
  folders.clear()
  record?.flush()
}

function receive(message: ToSpawner): void {
  switch (message.type) {
    case 'configure':
      record = new ProcessRecord(message.record)
      send({ type: 'ready' })
      void chooseLauncher().then((chosen) => {
        launcher = chosen
        scheduleStarter()
      })
      return
    case 'start':
      waiting.push(message)
      scheduleStarter()
      return
    case 'stop':
      stop(message.id, message.kill)
      return
    case 'shift':
      for (const attempt of running.values()) if (attempt.request.run === message.run) attempt.shift(message.by)
      return
  }
}

/** On macOS Node itself uses posix_spawn, and on Windows nothing is forked. */
async function chooseLauncher(): Promise<Launcher> {
  const python = process.platform === 'linux' ? SYSTEM_PYTHONS.find((path) => existsSync(path)) : undefined
  if (python === undefined) return nodeLauncher
  const server = new ForkServer(python, () => die('The process that starts tasks ended.'))
  return (await server.ready) ? server : nodeLauncher
}

/** One start a turn of the loop: several in a row would starve pipes and exits. */
function scheduleStarter(): void {
  if (starterScheduled || waiting.length === 0 || launcher === null) return
  starterScheduled = true
  setImmediate(() => {
    starterScheduled = false
    const request = waiting.shift()
    if (request !== undefined && launcher !== null) start(request, launcher)
    scheduleStarter()
  })
}

function start(request: StartProcess, launcher: Launcher): void {
  try {
    if (record === null) throw new Error('The spawner was not configured.')
    running.set(request.id, new SupervisedProcess(request, launcher, record, folders, send))
    ticker ??= setInterval(() => {
      for (const attempt of running.values()) attempt.tick()
    }, TICK_MILLISECONDS)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    send({ type: 'refused', id: request.id, code: code ?? 'UNKNOWN', message })
  }
}

function stop(id: number, kill: boolean): void {
  const at = waiting.findIndex((request) => request.id === id)
  if (at < 0) {
    running.get(id)?.stop(kill)
    return
  }
  waiting.splice(at, 1)
  send({ type: 'refused', id, code: 'STOPPED', message: 'Stopped before it started.' })
}

function abandonAll(): void {
  waiting.length = 0
  for (const attempt of running.values()) attempt.abandon()
  setTimeout(() => process.exit(0), LAST_REMOVALS_MILLISECONDS).unref()
  folders.clear()
  void Promise.all([folders.settled(), launcher?.close()]).then(() => process.exit(0))
}

/** Its last words reach the engine; what ran here is lost, and starts again under the next spawner. */
function die(why: string): never {
  flush()
  process.stderr.write(`${why}\n`)
  for (const attempt of running.values()) attempt.abandon()
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
