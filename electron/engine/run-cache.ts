import { createHash } from 'node:crypto'
import { secretsByName, taskCode, workFields } from '#shared/expression/task-code.ts'
import type { SuccessSource } from '#shared/journal/event.ts'
import { canonicalJson } from '#shared/model/canonical-json.ts'
import type { Json, Task } from '#shared/model/pipeline.ts'
import { type AttemptPlace, attemptContext, type EngineServices, scopeOf } from './attempt-context.ts'
import { programOf } from './kinds/program.ts'
import type { Outputs } from './outputs.ts'
import type { RunRequest } from './ports.ts'
import { placeOf } from './run-notes.ts'
import type { RunScope } from './run-scope.ts'
import type { AttemptContext } from './runner.ts'

/** Raised whenever the key says something else, so that old results are not taken for new ones. */
const KEY_FORMAT = 1

export interface CachedResult {
  readonly outputs: Outputs
  readonly source: SuccessSource
}

export interface Found {
  /** null: what the result depends on cannot be told. */
  readonly key: string | null
  /** null: the instance has to run. */
  readonly result: CachedResult | null
}

/** Results of earlier runs for tasks with `cache: true` (DESIGN 4.6). */
export class RunCache {
  private readonly request: RunRequest
  private readonly services: EngineServices
  private readonly scope: RunScope

  constructor(request: RunRequest, services: EngineServices, scope: RunScope) {
    this.request = request
    this.services = services
    this.scope = scope
  }

  /** Whether an earlier result may stand for the task's. */
  allows(task: Task): boolean {
    return task.cache && this.request.cache !== null
  }

  /** What the instance's work is known by, and what an earlier attempt at the same came to. Never rejects. */
  async find(place: AttemptPlace): Promise<Found> {
    const key = await this.keyOf(place)
    const found = key === null ? null : ((await this.request.cache?.find(key)) ?? null)
    if (key === null || found === null) return { key, result: null }
    return { key, result: { outputs: found.outputs, source: { run: found.run, key } } }
  }

  /**
   * Keeps what an attempt made. Its inputs must be what they were when it began, else nobody knows of which it is the
   * result. `key`: as of its beginning. Never rejects.
   */
  async keep(place: AttemptPlace, key: string, outputs: Outputs): Promise<void> {
    if ((await this.keyOf(place)) !== key) return
    const { cwd, expressions } = this.contextOf(place)
    const writes = place.task.writes.map((path) => placeOf(expressions.text(path), cwd))
    if (writes.every((path) => path !== null))
      await this.request.cache?.keep(key, { outputs, writes, run: this.request.header.run })
  }

  /** SHA-256 of all that the result depends on; null where that cannot be told: a missing input, a wrong expression. */
  private async keyOf(place: AttemptPlace): Promise<string | null> {
    try {
      const context = this.contextOf(place)
      const [reads, program] = await Promise.all([
        this.readsOf(place.task, context),
        this.programIn(place.task, context),
      ])
      if (reads === null) return null
      const work = { format: KEY_FORMAT, ...this.workOf(place, context), reads, program }
      return createHash('sha256').update(canonicalJson(work)).digest('hex')
    } catch {
      return null
    }
  }

  private workOf({ task, index }: AttemptPlace, context: AttemptContext): Readonly<Record<string, unknown>> {
    const secrets = secretsByName(task.secrets)
    const { env } = scopeOf(this.request, this.scope, task, index, secrets)
    const connection = 'connection' in task && task.connection !== null ? task.connection : null
    return {
      task: workFields(task),
      code: taskCode(task, process.platform === 'win32', context.expressions),
      cwd: task.cwd === null ? null : context.expressions.text(task.cwd),
      env,
      secrets: [...task.secrets].sort(),
      connection: connection === null ? null : (this.request.config.connections.get(connection)?.url ?? null),
      index,
      item: index === null ? null : (this.scope.itemsOf(task.id)?.[index] ?? null),
      upstreams: this.upstreamsOf(task, index),
      writes: task.writes.map((path) => context.expressions.text(path)),
    }
  }

  /** Of the task that `each` follows only the instance's own outputs: the others' come in any order. */
  private upstreamsOf(task: Task, index: number | null): ReadonlyMap<string, Outputs> {
    const { tasks } = this.scope.scopeFor(task.id, index, new Map(), new Map())
    const followed = task.forEach?.type === 'each' ? task.forEach.task : null
    return new Map(
      task.needs.map(({ task: id }) => {
        const outputs = tasks.get(id)?.outputs ?? {}
        return [id, id === followed && index !== null ? at(outputs, index) : outputs]
      }),
    )
  }

  private async readsOf(task: Task, context: AttemptContext): Promise<readonly (readonly string[])[] | null> {
    const contents = await Promise.all(
      task.reads.map(async (declared) => {
        const path = context.expressions.text(declared)
        const place = placeOf(path, context.cwd)
        const content = place === null ? null : await this.request.contentOf(place)
        return content?.hash ? [path, content.hash] : null
      }),
    )
    const known = contents.filter((content) => content !== null)
    return known.length === contents.length ? known : null
  }

  /** What runs in Dagwright's own processes depends on its version. */
  private async programIn(task: Task, context: AttemptContext): Promise<string> {
    const program = programOf(task, context)
    if (program === null) return `dagwright ${this.request.header.dagwright}`
    return `${program.name} ${(await this.services.versions.of(program)) ?? program.path}`
  }

  private contextOf(place: AttemptPlace): AttemptContext {
    const secrets = secretsByName(place.task.secrets)
    return attemptContext(this.request, this.services, this.scope, place, new Map(secrets))
  }
}

function at(lists: Outputs, index: number): Outputs {
  const own = Object.entries(lists).map(([key, list]): [string, Json] => [
    key,
    Array.isArray(list) ? ((list as readonly Json[])[index] ?? null) : null,
  ])
  return Object.fromEntries(own)
}
