import type { Pipeline, RetryPolicy, Task, TaskKind } from '../model/pipeline.ts'

/** Pipelines made by hand, for tests of rooms that take normalised ones. */

export const NO_RETRIES: RetryPolicy = {
  limit: 0,
  delay: 0,
  backoff: 'fixed',
  factor: 2,
  maxDelay: null,
  jitter: 'none',
  retryOn: null,
}

type TaskOf<Kind extends TaskKind> = Extract<Task, { readonly kind: Kind }>

const KINDS: { readonly [Kind in TaskKind]: Omit<TaskOf<Kind>, keyof TaskOf<'noop'>> } = {
  shell: { run: 'true', shell: null },
  python: { code: 'pass', interpreter: null },
  javascript: { code: '', interpreter: null },
  sql: { sql: 'select 1', database: null, connection: null, transaction: 'task' },
  check: { sql: 'select 1 where false', database: null, connection: null, severity: 'error' },
  http: { method: 'GET', url: 'https://example.org', headers: new Map(), body: null, expect: null },
  noop: {},
}

export function taskOf<Kind extends TaskKind>(kind: Kind, id: string, fields: Partial<TaskOf<Kind>> = {}): Task {
  const common: Omit<TaskOf<'noop'>, 'kind'> = {
    id,
    name: id,
    docs: '',
    owner: '',
    tags: [],
    layer: '',
    aliases: [],
    needs: [],
    triggerRule: 'all_success',
    required: true,
    when: null,
    branch: null,
    forEach: null,
    maxParallel: null,
    failFast: false,
    pool: null,
    priority: 0,
    timeout: null,
    retries: NO_RETRIES,
    env: new Map(),
    secrets: [],
    cwd: null,
    reads: [],
    writes: [],
    estimate: null,
    cache: false,
    slo: null,
    outputs: new Map(),
  }
  return { ...common, kind, ...KINDS[kind], ...fields } as Task
}

export function pipelineOf(tasks: readonly Task[], fields: Partial<Pipeline> = {}): Pipeline {
  return {
    id: 'p',
    name: 'p',
    description: '',
    owner: '',
    tags: [],
    schedule: null,
    params: new Map(),
    env: new Map(),
    concurrency: null,
    timeout: null,
    failFast: false,
    onSuccess: [],
    onFailure: [],
    pools: new Map(),
    slo: null,
    groups: [],
    notes: [],
    canvas: new Map(),
    ...fields,
    tasks,
  }
}
