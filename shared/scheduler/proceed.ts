import { makeReady } from './dispatch.ts'
import { Mapping, When } from './plan.ts'
import { ask, type Core } from './sink.ts'
import { Status } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/** The rule says run: next come the condition, the expansion and the queue, in the order of DESIGN 4.3. */
export function proceed(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  const mode = plan.whenMode[task]
  const whole = node === task && plan.mapping[task] === Mapping.list
  if (mode === When.once ? node === task : mode === When.perItem && !whole) {
    state.status[node] = Status.asking
    ask(core, 'when', task, state.index[node] as number, -1)
  } else if (whole) expandTask(core, task)
  else makeReady(core, node)
}

export function expandTask(core: Core, task: TaskNumber): void {
  core.state.status[task] = Status.expanding
  core.state.questions++
  core.sink.expand(task)
}
