import { AttemptLog } from '#electron/spawner/log.ts'
import { maskText } from '#electron/spawner/mask.ts'
import { monotonic } from '#electron/spawner/protocol.ts'
import type { HttpTask, Json } from '#shared/model/pipeline.ts'
import { parseExactly } from '../../exact-json.ts'
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
    // Who expects a redirect wants to see it.
    redirect: task.expect?.some((status) => status >= 300 && status < 400) ? ('manual' as const) : ('follow' as const),
  }
  const controller = new AbortController()
  context.onStarted(null)
  const done = perform(task, context, request, controller.signal).then((result) => ({
    ...result,
    logged: true as const,
  }))
  return { stop: () => controller.abort(), done }
}

interface Request {
  readonly url: string
  readonly method: string
  readonly headers: [string, string][]
  readonly body: string | null
  readonly redirect: 'manual' | 'follow'
}

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
    if (exchange.body.length > LOGGED_BODY)
      say(`The body goes on; the log has its first ${number(LOGGED_BODY)} characters.`)
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
  const headers = headersOf(request)
  for (let waits = 0; ; waits += 1) {
    const begin = monotonic()
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      redirect: request.redirect,
      ...(request.body === null ? {} : { body: request.body }),
      signal,
    })
    const body = await readBody(response)
    const took = ((monotonic() - begin) / 1e6).toFixed(2)
    const answer = `${response.status} ${response.statusText}`.trim()
    const from = response.redirected ? ` from ${response.url}` : ''
    say(`${request.method} ${request.url}: ${answer}${from}, ${number(body.length)} characters, ${took} s`)
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

/** Throws an error that names the header no request can carry. */
function headersOf({ headers }: Request): Headers {
  const fit = new Headers()
  for (const [name, value] of headers) {
    try {
      fit.append(name, value)
    } catch {
      const foreign = [...value].find((character) => character > '\u00ff')
      const what = /[\r\n\0]/.test(value)
        ? 'its value has several lines'
        : foreign === undefined
          ? 'no header can be called or say so'
          : `its value has ${foreign}, which needs an encoding`
      throw new Error(`the header ${JSON.stringify(name)} cannot be sent: ${what}`)
    }
  }
  return fit
}

/** By the charset that the server names, else UTF-8. */
function textOf(body: Buffer, response: Response): string {
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(response.headers.get('content-type') ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(body)
  } catch {
    return body.toString('utf8')
  }
}

async function readBody(response: Response): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > LARGEST_BODY) throw new Error(`the response is larger than ${LARGEST_BODY / 1024 / 1024} MiB`)
    parts.push(Buffer.from(part))
  }
  return textOf(Buffer.concat(parts), response)
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
  const value = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body,
    json: parsed(body),
  }
  const outputs = [...task.outputs].map(([name, expression]) => [name, outputOf(expression, value, context)])
  const admitted = admitOutputs(Object.fromEntries(outputs) as Record<string, Json>, context.secrets)
  if (admitted.ok) return succeeded(admitted.outputs)
  return failed({ code: 'error', message: `\`${context.label}\` ran, but ${admitted.message}` }, false)
}

/** Throws an ExpressionError, which says so where there is no JSON to look into. */
function outputOf(
  expression: string,
  value: { readonly body: string; readonly json: Json },
  context: AttemptContext,
): Json {
  try {
    return context.expressions.overResponse(expression, value)
  } catch (error) {
    if (!(error instanceof ExpressionError) || value.json !== null || !/\bjson\b/.test(expression)) throw error
    const begin = value.body.trim().slice(0, 60).toWellFormed()
    const what = begin === '' ? 'is empty' : `is not JSON; it begins with \`${begin}\``
    throw new ExpressionError(`${error.message} The response's body ${what}.`)
  }
}

function number(count: number): string {
  return count.toLocaleString('en')
}

function parsed(body: string): Json {
  try {
    // A byte order mark is part of the body, but no part of its JSON.
    return parseExactly(body.replace(/^\ufeff/, ''))
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
