import type { Scope } from '#shared/expression/scope.ts'
import type { FinalState, RunHeader } from '#shared/journal/event.ts'
import type { Json, Pipeline } from '#shared/model/pipeline.ts'
import type { Outputs } from './outputs.ts'
import type { RunRequest } from './ports.ts'

interface TaskRecord {
  state: string
  /** Those that are not empty, by index; -1 for a task that is not mapped. */
  readonly outputs: Map<number, Outputs>
  /** null: not mapped (or not expanded). */
  items: readonly Json[] | null
}

/** What the expressions of a run may look at: parameters, and states and outputs of the tasks that have ended. */
export class RunScope {
  private readonly header: RunHeader
  private readonly ids: ReadonlySet<string>
  /** Of the tasks of which there is something to tell. */
  private readonly records = new Map<string, TaskRecord>()
  private readonly floatParams: ReadonlySet<string>
  /** Tasks as expressions see them; made when first asked for, dropped when something changes. */
  private readonly views = new Map<string, { readonly state: string; readonly outputs: Outputs }>()
  private readonly tasks: Scope['tasks']

  constructor(header: RunHeader, pipeline: Pipeline) {
    this.header = header
    this.ids = new Set(pipeline.tasks.map((task) => task.id))
    this.floatParams = new Set([...pipeline.params].filter(([, { type }]) => type === 'number').map(([name]) => name))
    this.tasks = this.lazyTasks()
  }

  /** Unselected tasks take part with the outputs they are satisfied by. */
  admitUnselected(task: string, satisfied: RunRequest['satisfied']): void {
    const record = this.recordOf(task)
    record.state = 'success'
    const whole = satisfied.get(task)
    if (whole !== undefined) record.outputs.set(-1, whole.outputs)
    const instances: Json[] = []
    for (let index = 0; ; index += 1) {
      const instance = satisfied.get(`${task}[${index}]`)
      if (instance === undefined) break
      record.outputs.set(index, instance.outputs)
      instances.push(null)
    }
    if (instances.length > 0) record.items = instances
  }

  succeeded(task: string, index: number | null, outputs: Outputs): void {
    const own = this.recordOf(task).outputs
    if (Object.keys(outputs).length > 0) own.set(index ?? -1, outputs)
    else own.delete(index ?? -1)
    this.views.delete(task)
  }

  /** Back to before it ran; `index` null: the task, with all its instances. */
  reset(task: string, index: number | null): void {
    const record = this.recordOf(task)
    record.state = 'pending'
    if (index === null) {
      record.outputs.clear()
      record.items = null
    } else record.outputs.delete(index)
    this.views.delete(task)
  }

  settled(task: string, state: FinalState): void {
    this.recordOf(task).state = state
    this.views.delete(task)
  }

  expanded(task: string, items: readonly Json[]): void {
    this.recordOf(task).items = items
  }

  itemsOf(task: string): readonly Json[] | null {
    return this.records.get(task)?.items ?? null
  }

  /** `index`: of a mapped task's instance, else null. */
  scopeFor(
    task: string,
    index: number | null,
    env: ReadonlyMap<string, string>,
    secrets: ReadonlyMap<string, string>,
  ): Scope {
    const { header } = this
    const item = index === null ? undefined : this.itemsOf(task)?.[index]
    return {
      params: header.params,
      floatParams: this.floatParams,
      env,
      secrets,
      run: { id: header.run, logicalDate: header.logicalDate, dataInterval: header.dataInterval },
      tasks: this.tasks,
      ...(index === null ? {} : { index, item: item ?? null }),
    }
  }

  private recordOf(task: string): TaskRecord {
    let record = this.records.get(task)
    if (record === undefined) {
      record = { state: 'pending', outputs: new Map(), items: null }
      this.records.set(task, record)
    }
    return record
  }

  private viewOf(task: string): { readonly state: string; readonly outputs: Outputs } | undefined {
    if (!this.ids.has(task)) return undefined
    const record = this.recordOf(task)
    let view = this.views.get(task)
    if (view === undefined) {
      view = { state: record.state, outputs: record.items === null ? (record.outputs.get(-1) ?? {}) : listed(record) }
      this.views.set(task, view)
    }
    return view
  }

  /** A map that makes its values when they are asked for: most expressions name one task of many. */
  private lazyTasks(): Scope['tasks'] {
    const { ids } = this
    const view = (id: string) => this.viewOf(id)
    return new (class extends Map<string, { readonly state: string; readonly outputs: Outputs }> {
      override get(id: string) {
        return view(id)
      }
      override has(id: string) {
        return ids.has(id)
      }
      override keys() {
        return ids.keys()
      }
    })()
  }
}

/** A mapped task's outputs: for every key a list by index, null where the instance has none. */
function listed(record: TaskRecord): Outputs {
  const size = record.items?.length ?? 0
  const lists = new Map<string, Json[]>()
  for (const [index, outputs] of record.outputs) {
    for (const [key, value] of Object.entries(outputs)) {
      const list = lists.get(key) ?? new Array<Json>(size).fill(null)
      list[index] = value
      lists.set(key, list)
    }
  }
  return Object.fromEntries(lists)
}
