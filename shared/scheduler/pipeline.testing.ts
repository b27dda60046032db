import type { NoopTask, Pipeline, RetryPolicy, Task } from '../model/pipeline.ts'

export const NO_RETRIES: RetryPolicy = {
  limit: 0,
  delay: 0,
  backoff: 'fixed',
  factor: 2,
  maxDelay: null,
  jitter: 'none',
  retryOn: null,
}

/** A noop task with every default; `needs` may be written as in a file. */
export function taskFor(
  id: string,
  needs: readonly (string | { task: string; when: string | null })[] = [],
  fields: Partial<Omit<NoopTask, 'id' | 'needs' | 'kind'>> = {},
): Task {
  return {
    id,
    aliases: [],
    name: id,
    docs: '',
    owner: '',
    tags: [],
    layer: '',
    needs: needs.map((need) => (typeof need === 'string' ? { task: need, when: null } : need)),
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
    kind: 'noop',
    ...fields,
  }
}

export function pipelineOf(tasks: readonly Task[], pools: ReadonlyMap<string, number> = new Map()): Pipeline {
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
    pools,
    slo: null,
    tasks,
    groups: [],
    notes: [],
    canvas: new Map(),
  }
}
