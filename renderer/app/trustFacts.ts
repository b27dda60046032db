export interface TrustFact {
  readonly task: string
  readonly kind: string
  /** The beginning of its code. */
  readonly code: string
}

/** What a NOT_TRUSTED error says will run: its `details.tasks`. Whatever has another shape is left out. */
export function trustFacts(details: Readonly<Record<string, unknown>> | undefined): readonly TrustFact[] {
  const tasks = details?.tasks
  return Array.isArray(tasks) ? tasks.filter(isFact) : []
}

function isFact(value: unknown): value is TrustFact {
  return (
    typeof value === 'object' &&
    value !== null &&
    'task' in value &&
    typeof value.task === 'string' &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    'code' in value &&
    typeof value.code === 'string'
  )
}
