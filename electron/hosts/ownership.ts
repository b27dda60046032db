import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Ownership } from '#electron/api/ports.ts'
import type { Disk } from '#electron/store/disk.ts'
import { acquireLock, lockHolder } from '#electron/store/lock.ts'
import { AppError } from '#shared/contract/error.ts'
import type { AnyRouter } from './connection.ts'
import { connectSocket, serveSocket } from './socket.ts'

/**
 * The lock of a workspace and the door of whoever has it. `router` is asked for when a door opens, as the api is made
 * of these ports. `label`: what this process is, for people.
 */
export function ownershipBy(disk: Disk, label: string, router: () => AnyRouter): Ownership {
  return {
    holder: (store) => lockHolder(disk, store.stateFolder),
    async acquire(store) {
      const socket = await doorOf(store.root)
      const outcome = await acquireLock(disk, store.stateFolder, { socket, label, now: new Date() })
      if ('holder' in outcome) return outcome
      const { lock } = outcome
      try {
        const door = await serveSocket(router(), socket)
        return {
          claim: {
            async release() {
              await lock.release()
              await door.close()
            },
          },
        }
      } catch (error) {
        await lock.release()
        throw error
      }
    },
    async connect(store, holder, caller) {
      // The lock lies in the workspace, which may be somebody else's work: it must not lead anywhere but to a door.
      if (!(await isDoorOf(store.root, holder.socket))) throw new Error('This is not the door of a workspace.')
      return connectSocket(holder.socket, caller)
    },
  }
}

/** Where this process would listen for `root`. The folder is this user's alone. */
async function doorOf(root: string): Promise<string> {
  const name = `${doorName(root)}-${process.pid}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\dagwright-${name}`
  // Paths of local sockets are short (104 bytes on macOS), so it can't be in the workspace.
  const folder = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `dagwright-${userInfo().uid}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await isPrivate(folder))) {
    throw new AppError({
      code: 'PERMISSION_DENIED',
      message: `${folder} belongs to somebody else, or is open to others: who listens there could run things as you.`,
      where: folder,
      next: 'Remove that folder, or set XDG_RUNTIME_DIR to a folder of your own.',
    })
  }
  return join(folder, `${name}.sock`)
}

async function isDoorOf(root: string, path: string): Promise<boolean> {
  if (process.platform === 'win32') return path.startsWith(`\\\\.\\pipe\\dagwright-${doorName(root)}-`)
  return basename(path).startsWith(`${doorName(root)}-`) && (await isPrivate(dirname(path)))
}

async function isPrivate(folder: string): Promise<boolean> {
  const facts = await lstat(folder).catch(() => null)
  return facts?.isDirectory() === true && facts.uid === userInfo().uid && (facts.mode & 0o077) === 0
}

function doorName(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 20)
}
