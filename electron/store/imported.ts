import { join } from 'node:path'
import { importedRun } from '#shared/contract/data.ts'
import { writeJson } from './atomic-write.ts'
import { type Disk, readWhole } from './disk.ts'
import { fileNameOf } from './paths.ts'
import type { StateFolder } from './state-folder.ts'
import type { ImportedRuns } from './store.ts'

/** `.dagwright/imported/PIPELINE.json`. The pipeline file has the same durations as estimates, so it may be deleted. */
export function importedRunsOf(disk: Disk, state: StateFolder): ImportedRuns {
  const pathOf = (pipeline: string) => join(state.path, 'imported', `${fileNameOf(pipeline)}.json`)
  return {
    async get(pipeline) {
      const bytes = await readWhole(disk, pathOf(pipeline)).catch(() => null)
      if (bytes === null) return null
      try {
        const parsed = importedRun.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')))
        return parsed.success && parsed.data.pipeline === pipeline ? parsed.data : null
      } catch {
        return null
      }
    },
    async put(run) {
      await state.prepare()
      await writeJson(disk, pathOf(run.pipeline), run)
    },
  }
}
