import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { writeJson } from './atomic-write.ts'
import type { Disk } from './disk.ts'
import { readJson } from './json-file.ts'
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts'
import { prepareStateFolder } from './state-folder.ts'

/**
 * One engine per workspace. Everyone who wants it writes a claim under a name of its own into `.dagwright/lock/`, then
 * looks whether anybody else alive has one; if so it takes its own back. As each writes before it looks, two can never
 * both go on. A claim whose process is gone counts for nothing, and because names never come again, removing it can
 * never remove a newer one.
 */
export interface Lock {
  release(): Promise<void>
}

export interface LockHolder extends ProcessIdentity {
  /** Path of the private socket it listens on. */
  readonly socket: string
  /** What it is, for people: "the Dagwright app", "dagwright run". */
  readonly label: string
  /** ISO 8601. */
  readonly since: string
}

export type LockOutcome = { readonly lock: Lock } | { readonly holder: LockHolder }

const claimShape = z.object({
  pid: z.number(),
  startTime: z.string().nullable(),
  bootId: z.string(),
  host: z.string(),
  socket: z.string(),
  label: z.string(),
  since: z.string(),
  held: z.boolean(),
})
type Claim = z.infer<typeof claimShape>

/** With the pauses between them, a few seconds: a rival that is still looking has long made up its mind. */
const TRIES = 60

/**
 * `folder`: the state folder. Where somebody alive has the lock, returns who. When several begin in the same moment, the
 * one whose claim has the first name waits, the others step back and try again.
 */
export async function acquireLock(
  disk: Disk,
  folder: string,
  facts: { readonly socket: string; readonly label: string; readonly now: Date },
): Promise<LockOutcome> {
  const claims = join(folder, 'lock')
  await prepareStateFolder(disk, folder)
  await disk.makeFolder(claims)
  const identity = await identityOf(process.pid)
  const mine: Claim = {
    ...identity,
    socket: facts.socket,
    label: facts.label,
    since: facts.now.toISOString(),
    held: false,
  }
  let rival: Claim | null = null
  let name: string | null = null
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (name === null) {
        name = `${randomBytes(6).toString('hex')}-${process.pid}.json`
        await writeJson(disk, join(claims, name), mine)
      }
      const path = join(claims, name)
      const rivals = await livingClaims(disk, claims, name)
      rival = rivals.find((one) => one.claim.held)?.claim ?? rivals[0]?.claim ?? null
      if (rival === null) {
        await writeJson(disk, path, { ...mine, held: true })
        name = null
        return { lock: { release: () => disk.remove(path) } }
      }
      if (rival.held) break
      if (rivals.some((one) => one.name < name!)) {
        await disk.remove(path)
        name = null
      }
      await pause(10 + Math.random() * 40)
    }
    return { holder: rival! }
  } finally {
    // One that stayed, be it for a full disk, would keep everybody out for as long as this process lives.
    if (name !== null) await disk.remove(join(claims, name)).catch(() => undefined)
  }
}

/** Who has the lock now; null where nobody alive does. */
export async function lockHolder(disk: Disk, folder: string): Promise<LockHolder | null> {
  const claims = join(folder, 'lock')
  if ((await disk.stat(claims)) === null) return null
  return (await livingClaims(disk, claims, null)).find((one) => one.claim.held)?.claim ?? null
}

/** Claims of living processes other than `own`. Clears away those of the dead. */
async function livingClaims(
  disk: Disk,
  claims: string,
  own: string | null,
): Promise<{ readonly name: string; readonly claim: Claim }[]> {
  const living: { name: string; claim: Claim }[] = []
  for (const { name } of await disk.list(claims)) {
    if (name === own || name.startsWith('.') || !name.endsWith('.json')) continue
    const path = join(claims, name)
    const claim = await readClaim(disk, path)
    if (claim === null) continue
    if (await isRunning(claim)) living.push({ name, claim })
    else await disk.remove(path).catch(() => undefined)
  }
  return living
}

/** Claims are written atomically: one that cannot be read was made by nobody, or has just been taken back. */
async function readClaim(disk: Disk, path: string): Promise<Claim | null> {
  return claimShape.safeParse(await readJson(disk, path)).data ?? null
}
