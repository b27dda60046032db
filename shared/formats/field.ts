import type { Pipeline, Task } from '../model/pipeline.ts'

/** Every field that some kind of task has. Tables over it make the compiler ask what a new field means to a format. */
export type TaskField = Task extends infer Kind ? (Kind extends Task ? keyof Kind : never) : never
export type PipelineField = keyof Pipeline

/** Values that say nothing, since they are what the file gets without the key. Other fields: empty or null. */
const DEFAULTS: Partial<Record<TaskField | PipelineField, unknown>> = {
  triggerRule: 'all_success',
  required: true,
  priority: 0,
  transaction: 'task',
  severity: 'error',
  method: 'GET',
}

/** Fields of a task that say something beyond the defaults, in the order of the model. */
export function usedTaskFields(task: Task): TaskField[] {
  return (Object.keys(task) as TaskField[]).filter((field) => {
    if (field === 'name') return task.name !== task.id
    if (field === 'retries') return task.retries.limit > 0
    return says(field, (task as Readonly<Partial<Record<TaskField, unknown>>>)[field])
  })
}

export function usedPipelineFields(pipeline: Pipeline): PipelineField[] {
  return (Object.keys(pipeline) as PipelineField[]).filter((field) => says(field, pipeline[field]))
}

function says(field: TaskField | PipelineField, value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return false
  if (value === DEFAULTS[field]) return false
  if (Array.isArray(value)) return value.length > 0
  return value instanceof Map ? value.size > 0 : true
}
