import { join } from 'node:path'
import { importedRun } from '#shared/contract/data.ts'
import { writeJson } from './atomic-write.ts'
import type { Disk } from './disk.ts'
import { readJson } from './json-file.ts'
import { fileNameOf } from './paths.ts'
import type { StateFolder } from './state-folder.ts'
import type { ImportedRuns } from './store.ts'

/** `.dagwright/imported/PIPELINE.json`. The pipeline file has the same durations as estimates, so it may be deleted. */
export function importedRunsOf(disk: Disk, state: StateFolder): ImportedRuns {
  const pathOf = (pipeline: string) => join(state.path, 'imported', `${fileNameOf(pipeline)}.json`)
  return {
    async get(pipeline) {
      const parsed = importedRun.safeParse(await readJson(disk, pathOf(pipeline)))
      return parsed.success && parsed.data.pipeline === pipeline ? parsed.data : null
    },
    async put(run) {
      await state.prepare()
      await writeJson(disk, pathOf(run.pipeline), run)
    },
  }
}
