import { join, resolve } from 'node:path'
import { javascriptLiteral, pythonLiteral, sqlLiteral } from '#shared/expression/language/literal.ts'
import type { Scope } from '#shared/expression/scope.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import type { Task } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { attemptVariables } from './environment.ts'
import { bindExpressions, ExpressionError } from './expressions.ts'
import type { RunRequest } from './ports.ts'
import type { ProgramVersions } from './program-versions.ts'
import type { RunScope } from './run-scope.ts'
import type { AttemptContext } from './runner.ts'

/** What does not change from attempt to attempt of an engine. */
export type EngineServices = Pick<
  AttemptContext,
  'stateFolder' | 'graceMilliseconds' | 'spawner' | 'sql' | 'ownNode'
> & {
  /** The allowed part of this machine's environment. */
  readonly machineEnvironment: Readonly<Record<string, string>>
  readonly versions: ProgramVersions
}

const OUTPUT_FILE = 'output'
/** Shorter lines of a secret would mask ordinary words. */
const LONG_LINE = 8

export interface AttemptPlace {
  readonly task: Task
  readonly index: number | null
  readonly attempt: number
  readonly epoch: Micros
  /** Beyond those every attempt is given. */
  readonly variables: Readonly<Record<string, string>>
  readonly whenReleased: AttemptContext['whenReleased']
  readonly onStarted: AttemptContext['onStarted']
}

/**
 * Gathers what one attempt runs in. `secrets`: their names, where values are not wanted. Throws an ExpressionError for a
 * wrong expression or a secret without a value.
 */
export function attemptContext(
  request: RunRequest,
  services: EngineServices,
  runScope: RunScope,
  place: AttemptPlace,
  secrets: ReadonlyMap<string, string> = secretsOf(request, place.task),
): AttemptContext {
  const { task, index, attempt } = place
  const { header, storage, pipeline } = request
  const scope = scopeOf(request, runScope, task, index, secrets)
  const expressions = bindExpressions(scope)
  const folder = resolve(request.file, '..')
  const scratch = storage.scratchPath(task.id, index, attempt)
  return {
    run: header.run,
    label: instanceLabel(task.id, index),
    cwd: task.cwd === null ? folder : resolve(folder, expressions.text(task.cwd)),
    folder,
    workspaceRoot: request.workspaceRoot,
    pipelineId: pipeline.id,
    environment: {
      ...services.machineEnvironment,
      ...Object.fromEntries(scope.env),
      ...Object.fromEntries(secrets),
      ...attemptVariables({
        run: header.run,
        task: task.id,
        index,
        attempt,
        logicalDate: header.logicalDate,
        workspace: request.workspaceRoot,
        output: join(scratch, OUTPUT_FILE),
        scratch,
      }),
      ...place.variables,
    },
    secrets: maskedTexts(secrets.values()),
    secret: request.secret,
    log: storage.logPath(task.id, index, attempt),
    scratch,
    output: OUTPUT_FILE,
    epoch: place.epoch,
    config: request.config,
    expressions,
    whenReleased: place.whenReleased,
    onStarted: place.onStarted,
    stateFolder: services.stateFolder,
    graceMilliseconds: services.graceMilliseconds,
    spawner: services.spawner,
    sql: services.sql,
    ownNode: services.ownNode,
  }
}

/**
 * The scope of a task's expressions. Values of the pipeline's `env` may not name `env`; those of the task's may name the
 * pipeline's. Throws an ExpressionError.
 */
export function scopeOf(
  request: Pick<RunRequest, 'pipeline'>,
  runScope: RunScope,
  task: Task,
  index: number | null,
  secrets: ReadonlyMap<string, string>,
): Scope {
  const within = (env: ReadonlyMap<string, string>) => runScope.scopeFor(task.id, index, env, secrets)
  const outer = evaluated(request.pipeline.env, within(new Map()))
  const env = new Map([...outer, ...evaluated(task.env, within(outer))])
  return within(env)
}

function evaluated(env: ReadonlyMap<string, string>, scope: Scope): Map<string, string> {
  if (env.size === 0) return new Map()
  const expressions = bindExpressions(scope)
  return new Map([...env].map(([name, text]) => [name, text.includes('${{') ? expressions.text(text) : text]))
}

/** The declared secrets of a task with their values. Throws an ExpressionError for one that has none. */
export function secretsOf(request: Pick<RunRequest, 'secret'>, task: Task): Map<string, string> {
  const secrets = new Map<string, string>()
  for (const name of task.secrets) {
    const value = request.secret(name)
    if (value === undefined) {
      throw new ExpressionError(`The secret ${name} has no value. Store it in the app, or set it in the environment.`)
    }
    secrets.set(name, value)
  }
  return secrets
}

/**
 * What to mask for these secrets: themselves, the lines of one that has several (tools print the parts of a key by
 * themselves), and how they stand in code and addresses, which error messages quote.
 */
export function maskedTexts(secrets: Iterable<string>): string[] {
  const texts = new Set<string>()
  for (const secret of secrets) {
    texts.add(secret)
    for (const line of secret.split(/\r?\n/)) if (line.length >= LONG_LINE) texts.add(line)
    for (const write of [pythonLiteral, javascriptLiteral, sqlLiteral]) texts.add(write(secret).slice(1, -1))
    texts.add(JSON.stringify(secret).slice(1, -1))
    texts.add(encodeURIComponent(secret.toWellFormed()))
  }
  texts.delete('')
  return [...texts]
}
