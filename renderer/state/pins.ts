import { create } from 'zustand'
import type { Pin } from '#shared/contract/data.ts'
import type { Json, Pipeline, Task } from '#shared/model/pipeline.ts'
import { api } from './client.ts'
import { useDocuments } from './documents.ts'
import { attempt } from './notices.ts'
import { useRuns } from './runs.ts'
import { onWorkspaceChange, useWorkspace, workspaceRoot } from './workspace.ts'

/** The pins of the shown pipeline: outputs that stand for its tasks' own in runs from the app. */
interface Pins {
  /** The pipeline's id; null while none is shown. */
  readonly pipeline: string | null
  /** By the task's id as it is in the pins: see `pinOf`. */
  readonly byTask: ReadonlyMap<string, Pin>
  /** The task whose pin is being edited in the inspector. */
  readonly editing: string | null
}

export const usePins = create<Pins>(() => ({ pipeline: null, byTask: new Map(), editing: null }))

/** Loads the pins of whichever pipeline is shown, and again when someone changes them. Returns the way to stop. */
export function followPins(): () => void {
  const stopDocuments = useDocuments.subscribe(({ open, active }) => {
    const id = open.find(({ path }) => path === active)?.pipeline?.id ?? null
    if (id === usePins.getState().pipeline) return
    usePins.setState({ pipeline: id, byTask: new Map(), editing: null })
    if (id !== null) void loadPins(id)
  })
  const stopChanges = onWorkspaceChange((change) => {
    if (change.type === 'pins' && change.pipeline === usePins.getState().pipeline) void loadPins(change.pipeline)
  })
  return () => {
    stopDocuments()
    stopChanges()
  }
}

async function loadPins(pipeline: string): Promise<void> {
  if (useWorkspace.getState().info === null) return
  const pins = await attempt('Read the pins', () => api().pins.list({ workspace: workspaceRoot(), pipeline }))
  if (pins === undefined || usePins.getState().pipeline !== pipeline) return
  usePins.setState({ byTask: new Map(pins.map((pin) => [pin.task, pin])) })
}

/** A renamed task keeps its pin. */
export function pinOf(byTask: ReadonlyMap<string, Pin>, task: Pick<Task, 'id' | 'aliases'>): Pin | null {
  return byTask.get(task.id) ?? task.aliases.map((alias) => byTask.get(alias)).find((pin) => pin !== undefined) ?? null
}

export function usePin(task: Pick<Task, 'id' | 'aliases'>): Pin | null {
  return usePins(({ byTask }) => pinOf(byTask, task))
}

/** Ids of the pipeline's tasks that have a pin, in file order. */
export function pinnedTasks(pipeline: Pipeline, byTask: ReadonlyMap<string, Pin>): readonly string[] {
  return pipeline.tasks.filter((task) => pinOf(byTask, task) !== null).map(({ id }) => id)
}

/** Opens the form for the task's pin in the inspector; undefined closes it. */
export function editPin(task: string | null): void {
  usePins.setState({ editing: task })
}

/** The run whose outputs a pin takes: the one on the canvas, else the pipeline's last that has ended. */
export function runToPinFrom(): string | null {
  const { chosen, live, summaries } = useRuns.getState()
  if (chosen !== null && !live) return chosen
  const { pipeline } = usePins.getState()
  return summaries.find((run) => run.pipeline === pipeline && !run.live)?.run ?? null
}

type Value = Parameters<ReturnType<typeof api>['pins']['set']>[0]['value']

/** True once it is kept. */
export async function pinRunOutputs(task: string): Promise<boolean> {
  const run = runToPinFrom()
  return run !== null && setPin(task, { type: 'run', run })
}

export async function pinOutputs(task: string, outputs: Readonly<Record<string, Json>>): Promise<boolean> {
  return setPin(task, { type: 'given', outputs })
}

async function setPin(task: string, value: Value): Promise<boolean> {
  const { pipeline } = usePins.getState()
  if (pipeline === null) return false
  const pin = await attempt(`Pin ${task}`, () => api().pins.set({ workspace: workspaceRoot(), pipeline, task, value }))
  if (pin === undefined) return false
  usePins.setState(({ byTask }) => ({ byTask: new Map(byTask).set(task, pin), editing: null }))
  return true
}

/** Removes the pin whatever name the task had when it was set. */
export async function unpin(pin: Pin): Promise<void> {
  const { pipeline } = usePins.getState()
  if (pipeline === null) return
  const removed = await attempt(`Unpin ${pin.task}`, () =>
    api().pins.remove({ workspace: workspaceRoot(), pipeline, task: pin.task }),
  )
  if (removed === undefined) return
  usePins.setState(({ byTask }) => ({
    byTask: new Map([...byTask].filter(([task]) => task !== pin.task)),
    editing: null,
  }))
}
