import { join } from 'node:path'
import { z } from 'zod'
import { type PipelineFile, pipelineFile } from '#shared/contract/data.ts'
import { writeAtomic } from './atomic-write.ts'
import type { Disk } from './disk.ts'
import { readJson } from './json-file.ts'
import { resolveInWorkspace } from './paths.ts'

/** A pipeline file in one line, and the earlier ids of its tasks by today's. */
export interface ListedPipeline {
  readonly entry: PipelineFile
  readonly aliases: ReadonlyMap<string, readonly string[]>
}

/**
 * What the pipeline files came to when they were read last, in `cache/pipelines.json`: derived, so that it may be deleted
 * or be wrong in any way at any time. An entry counts only while the file's size and time, and `readBy` (whatever else the
 * reading depends on), are those it was made with.
 */
export interface PipelineListing {
  get(path: string, readBy: string): Promise<ListedPipeline | null>
  /** `began`: when the reading of the file began, by the wall clock. */
  put(path: string, readBy: string, listed: ListedPipeline, began: Date): Promise<void>
  /** Writes what changed, without files that are gone. A disk that refuses is no failure; nor is a workspace without state, which is left alone. */
  save(present: ReadonlySet<string>): Promise<void>
}

const FORMAT = 1
const entryShape = z.object({
  size: z.number(),
  modifiedAt: z.number(),
  readBy: z.string(),
  entry: pipelineFile,
  aliases: z.array(z.tuple([z.string(), z.array(z.string())])),
})
const listingShape = z.object({ format: z.literal(FORMAT), files: z.array(entryShape) })
type Kept = z.infer<typeof entryShape>

/** A file written this shortly before it was read may be written again within the same tick of its clock. */
const UNSETTLED_MILLISECONDS = 2000

export function pipelineListing(disk: Disk, root: string, stateFolder: string): PipelineListing {
  const file = join(stateFolder, 'cache', 'pipelines.json')
  let reading: Promise<Map<string, Kept>> | null = null
  let changed = false
  const kept = () => {
    reading ??= readListing(disk, file)
    return reading
  }
  const facts = async (path: string) => disk.stat(await resolveInWorkspace(disk, root, path))

  return {
    async get(path, readBy) {
      const known = (await kept()).get(path)
      if (known?.readBy !== readBy) return null
      const now = await facts(path)
      const same = now?.kind === 'file' && now.size === known.size && now.modifiedAt === known.modifiedAt
      return same ? { entry: known.entry, aliases: new Map(known.aliases) } : null
    },
    async put(path, readBy, { entry, aliases }, began) {
      const now = await facts(path)
      const settled = now?.kind === 'file' && now.modifiedAt + UNSETTLED_MILLISECONDS < began.getTime()
      if (!settled) return
      const { size, modifiedAt } = now
      const earlier = [...aliases].map(([id, ids]): [string, string[]] => [id, [...ids]])
      ;(await kept()).set(path, { size, modifiedAt, readBy, entry, aliases: earlier })
      changed = true
    },
    async save(present) {
      if (!changed || (await disk.stat(stateFolder))?.kind !== 'folder') return
      changed = false
      const files = [...(await kept())].flatMap(([path, one]) => (present.has(path) ? [one] : []))
      await writeAtomic(disk, file, JSON.stringify({ format: FORMAT, files })).catch(() => undefined)
    },
  }
}

async function readListing(disk: Disk, file: string): Promise<Map<string, Kept>> {
  const parsed = listingShape.safeParse(await readJson(disk, file))
  return new Map(parsed.data?.files.map((one) => [one.entry.path, one]))
}
