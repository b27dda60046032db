import { AttemptLog } from '#electron/spawner/log.ts'
import { maskText } from '#electron/spawner/mask.ts'
import { monotonic } from '#electron/spawner/protocol.ts'
import type { HttpTask, Json } from '#shared/model/pipeline.ts'
import { ExpressionError } from '../../expressions.ts'
import { admitOutputs } from '../../outputs.ts'
import { type AttemptContext, type AttemptResult, failed, type Runner, succeeded } from '../../runner.ts'

/** A response larger than this is refused: outputs hold 1 MiB at most, files are fetched by a shell task. */
const LARGEST_BODY = 16 * 1024 * 1024
const LOGGED_BODY = 64 * 1024
/**
 * A server that says "later" (429, 503 with Retry-After) is heeded: its delay takes the place of the retry policy's; in a
 * task without retries, the attempt itself waits, this often and this long at most.
 */
const MOST_WAITS = 5
const LONGEST_WAIT_SECONDS = 300

interface Exchange {
  readonly response: Response
  readonly body: string
}

/** One HTTP request; its status must be expected, its outputs are expressions over `response`. */
export const runHttp: Runner<HttpTask> = (task, context) => {
  const request = {
    url: context.expressions.url(task.url),
    method: task.method,
    headers: [...task.headers].map(([name, value]): [string, string] => [name, context.expressions.text(value)]),
    body: task.body === null ? null : context.expressions.text(task.body),
  }
  const controller = new AbortController()
  context.onStarted(null)
  const done = perform(task, context, request, controller.signal).then((result) => ({
    ...result,
    logged: true as const,
  }))
  return { stop: () => controller.abort(), done }
}

type Request = { url: string; method: string; headers: [string, string][]; body: string | null }

async function perform(
  task: HttpTask,
  context: AttemptContext,
  request: Request,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const log = new AttemptLog(context.log, () => monotonic() - context.epoch, context.secrets)
  const say = (text: string) => log.note(maskText(text, context.secrets))
  try {
    const exchange = await exchangeUntilServed(request, task.retries.limit > 0 ? 0 : MOST_WAITS, signal, say)
    log.write('out', Buffer.from(exchange.body.slice(0, LOGGED_BODY)))
    return verdict(task, context, request, exchange)
  } catch (error) {
    if (signal.aborted) {
      say('Aborted.')
      const message = `\`${context.label}\` was stopped`
      return { ...failed({ code: 'cancelled', message }, false), outcome: 'cancelled' }
    }
    const why = maskText(
      error instanceof ExpressionError ? error.message : `${request.method} ${request.url}: ${messageOf(error)}`,
      context.secrets,
    )
    say(why)
    const code = error instanceof ExpressionError ? 'expression_error' : 'error'
    return failed({ code, message: `\`${context.label}\` failed: ${why}` }, code === 'error')
  } finally {
    await log.close()
  }
}

async function exchangeUntilServed(
  request: Request,
  mostWaits: number,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Exchange> {
  for (let waits = 0; ; waits += 1) {
    const begin = monotonic()
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === null ? {} : { body: request.body }),
      signal,
    })
    const body = await readBody(response)
    const took = ((monotonic() - begin) / 1e6).toFixed(2)
    say(
      `${request.method} ${request.url}: ${response.status} ${response.statusText}, ${body.length} characters, ${took} s`,
    )
    const wait = waits < mostWaits ? retryAfter(response) : null
    if (wait === null) return { response, body }
    say(`The server asks to wait ${wait} s.`)
    await pause(wait * 1000, signal)
  }
}

/** Seconds to wait, where the server says so and it is not too long; else null. */
function retryAfter(response: Response): number | null {
  if (response.status !== 429 && response.status !== 503) return null
  const header = response.headers.get('retry-after')
  if (header === null) return null
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) && seconds <= LONGEST_WAIT_SECONDS ? Math.max(0, Math.ceil(seconds)) : null
}

async function readBody(response: Response): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > LARGEST_BODY) throw new Error(`the response is larger than ${LARGEST_BODY / 1024 / 1024} MiB`)
    parts.push(Buffer.from(part))
  }
  return Buffer.concat(parts).toString('utf8')
}

function verdict(task: HttpTask, context: AttemptContext, request: Request, exchange: Exchange): AttemptResult {
  const { response, body } = exchange
  const expected = task.expect === null ? response.ok : task.expect.includes(response.status)
  if (!expected) {
    const wanted = task.expect === null ? '2xx' : task.expect.join(', ')
    const what = maskText(`${request.method} ${request.url}`, context.secrets)
    const message = `\`${context.label}\` failed: ${what} answered ${response.status} ${response.statusText} instead of ${wanted}`
    const wait = retryAfter(response)
    return { ...failed({ code: 'error', message }, true), ...(wait === null ? {} : { retryAfter: wait * 1_000_000 }) }
  }
  const value: Json = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body,
    json: parsed(body),
  }
  const outputs = [...task.outputs].map(([name, expression]) => [
    name,
    context.expressions.overResponse(expression, value),
  ])
  const admitted = admitOutputs(Object.fromEntries(outputs) as Record<string, Json>, context.secrets)
  if (admitted.ok) return succeeded(admitted.outputs)
  return failed({ code: 'error', message: `\`${context.label}\` ran, but ${admitted.message}` }, false)
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body) as Json
  } catch {
    return null
  }
}

/** Undici hides what happened in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(new Error('aborted'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', abort, { once: true })
  })
}
