import { join } from 'node:path'
import { z } from 'zod'
import type { Json } from '#shared/model/pipeline.ts'
import { writeAtomic } from './atomic-write.ts'
import type { ContentHashes } from './content-hash.ts'
import type { Disk } from './disk.ts'
import { readJson } from './json-file.ts'
import { fileNameOf } from './paths.ts'

export interface Result {
  readonly outputs: Readonly<Record<string, Json>>
  /** Absolute paths of the files the task declares to write. */
  readonly writes: readonly string[]
  /** The run that made it. */
  readonly run: string
}

/** Results of tasks with `cache: true` by the key of their work, one file each. Derived: they may be deleted at any time. */
export interface Results {
  /** null: there is none, or what it wrote is not there any more as it was. Never rejects. */
  find(
    pipeline: string,
    key: string,
  ): Promise<{ readonly outputs: Readonly<Record<string, Json>>; readonly run: string | null } | null>
  /** Does nothing where a written file is missing or still changes. Never rejects. */
  keep(pipeline: string, key: string, result: Result): Promise<void>
}

/** Of one pipeline: the oldest make room. */
const MOST_RESULTS = 20_000
/** Looking through the folder is not worth it for every result. */
const KEPT_BETWEEN_LOOKS = 500

const FORMAT = 1
const resultShape = z.object({
  format: z.literal(FORMAT),
  outputs: z.custom<Readonly<Record<string, Json>>>((value) => typeof value === 'object' && value !== null),
  writes: z.array(z.object({ path: z.string(), hash: z.string() })),
  run: z.string().nullable().default(null),
})

export function resultsOf(disk: Disk, stateFolder: string, hashes: ContentHashes): Results {
  const folderOf = (pipeline: string) => join(stateFolder, 'cache', 'results', fileNameOf(pipeline))
  let kept = 0

  async function hashesOf(paths: readonly string[]): Promise<z.infer<typeof resultShape>['writes'] | null> {
    const contents = await Promise.all(paths.map((path) => hashes.of(path)))
    const found = paths.flatMap((path, at) => {
      const hash = contents[at]?.hash ?? null
      return hash === null ? [] : [{ path, hash }]
    })
    return found.length === paths.length ? found : null
  }

  return {
    async find(pipeline, key) {
      const result = resultShape.safeParse(await readJson(disk, join(folderOf(pipeline), `${key}.json`))).data
      if (result === undefined) return null
      const now = await hashesOf(result.writes.map(({ path }) => path))
      const same = now?.every(({ hash }, at) => hash === result.writes[at]?.hash)
      return same ? { outputs: result.outputs, run: result.run } : null
    },
    async keep(pipeline, key, { outputs, writes, run }) {
      const hashed = await hashesOf(writes)
      if (hashed === null) return
      const folder = folderOf(pipeline)
      const text = JSON.stringify({ format: FORMAT, outputs, writes: hashed, run })
      await writeAtomic(disk, join(folder, `${key}.json`), text).catch(() => undefined)
      kept += 1
      if (kept % KEPT_BETWEEN_LOOKS === 0) await makeRoom(disk, folder).catch(() => undefined)
    },
  }
}

async function makeRoom(disk: Disk, folder: string): Promise<void> {
  const names = (await disk.list(folder)).map(({ name }) => name).filter((name) => name.endsWith('.json'))
  if (names.length <= MOST_RESULTS) return
  const aged: { path: string; at: number }[] = []
  for (const name of names) {
    const path = join(folder, name)
    aged.push({ path, at: (await disk.stat(path))?.modifiedAt ?? 0 })
  }
  aged.sort((a, b) => a.at - b.at)
  for (const { path } of aged.slice(0, names.length - MOST_RESULTS)) await disk.remove(path)
}
