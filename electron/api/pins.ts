import { OUTPUT_LIMIT } from '#electron/spawner/limits.ts'
import { inTurns } from '#electron/turns/turns.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { Pin } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { foldSteps } from '#shared/journal/fold.ts'
import type { TaskView } from '#shared/journal/run-view.ts'
import type { Implementer } from './implementer.ts'
import type { HostPorts } from './ports.ts'
import type { WorkspaceSession } from './session.ts'
import type { Sessions } from './sessions.ts'

type SetInput = Parameters<ContractClient['pins']['set']>[0]

export function pinProcedures(api: Implementer, sessions: Sessions, ports: HostPorts) {
  const { pins } = api
  return {
    list: pins.list.handler(async ({ input }) => {
      const { store } = await sessions.get(input.workspace)
      return [...(await store.pins.list(input.pipeline))]
    }),
    set: pins.set.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      const pin: Pin = { task: input.task, ...(await pinned(session, input)), setAt: ports.now().toISOString() }
      const size = Buffer.byteLength(JSON.stringify(pin.instances ?? pin.outputs))
      if (size > OUTPUT_LIMIT) throw tooLarge(input.task, size)
      await session.store.pins.set(input.pipeline, pin)
      session.changes.publish({ type: 'pins', pipeline: input.pipeline })
      return pin
    }),
    remove: pins.remove.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      await session.store.pins.remove(input.pipeline, input.task)
      session.changes.publish({ type: 'pins', pipeline: input.pipeline })
      return {}
    }),
  }
}

async function pinned(
  session: WorkspaceSession,
  { task, value }: SetInput,
): Promise<Pick<Pin, 'outputs' | 'instances' | 'run'>> {
  if (value.type === 'given') return { outputs: value.outputs, instances: null, run: null }
  const { events } = await session.store.runs.read(value.run)
  const ran = (await inTurns(foldSteps(events)))?.tasks.get(task)
  if (ran === undefined || !isSuccess(ran)) throw noSuccess(task, value.run)
  const outputs = ran.instances.map((instance) => instance.outputs ?? {})
  return { outputs: ran.mapped ? {} : outputs[0]!, instances: ran.mapped ? outputs : null, run: value.run }
}

function isSuccess({ state, instances }: TaskView): boolean {
  return state === 'success' && instances.every((instance) => instance.state === 'success')
}

function noSuccess(task: string, run: string): AppError {
  return new AppError({
    code: 'NOT_FOUND',
    message: `${task} has no success in the run ${run}, so there are no outputs to pin.`,
    where: task,
    next: 'Choose a run in which it succeeded, or write its outputs by hand.',
  })
}

function tooLarge(task: string, size: number): AppError {
  return new AppError({
    code: 'BAD_INPUT',
    message: `The outputs of ${task} take ${(size / 1024 / 1024).toFixed(1)} MiB; a task hands on at most 1 MiB.`,
    where: task,
    next: 'Put large data into a file, and its path into the outputs.',
  })
}
