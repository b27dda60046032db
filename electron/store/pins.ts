import { join } from 'node:path'
import { z } from 'zod'
import { type Pin, pin } from '#shared/contract/data.ts'
import type { Disk } from './disk.ts'
import { type JsonFile, jsonFile } from './json-file.ts'
import { fileNameOf } from './paths.ts'
import type { StateFolder } from './state-folder.ts'

/** Outputs that stand for tasks' own, in `pins/PIPELINE.json` of the state folder. */
export interface Pins {
  /** In the order they were set. */
  list(pipeline: string): Promise<readonly Pin[]>
  /** Replaces the task's pin. */
  set(pipeline: string, pin: Pin): Promise<void>
  remove(pipeline: string, task: string): Promise<void>
}

const pinFile = z.object({ pins: z.array(pin) })
type PinFile = z.infer<typeof pinFile>

export function pinsOf(disk: Disk, state: StateFolder): Pins {
  const files = new Map<string, JsonFile<PinFile>>()
  const fileOf = (pipeline: string) => {
    const path = join(state.path, 'pins', `${fileNameOf(pipeline)}.json`)
    const file = files.get(path) ?? jsonFile(disk, path, (value) => pinFile.safeParse(value).data ?? null, { pins: [] })
    files.set(path, file)
    return file
  }
  return {
    list: async (pipeline) => (await fileOf(pipeline).read()).pins,
    async set(pipeline, added) {
      await state.prepare()
      await fileOf(pipeline).change(({ pins }) => ({ pins: [...pins.filter((one) => one.task !== added.task), added] }))
    },
    async remove(pipeline, task) {
      const { pins } = await fileOf(pipeline).read()
      if (pins.every((one) => one.task !== task)) return
      await fileOf(pipeline).change((file) => ({ pins: file.pins.filter((one) => one.task !== task) }))
    },
  }
}
