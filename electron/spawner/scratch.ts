import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** About as many as attempts run at once; more would only lie about. */
const MOST_SPARES = 16

/**
 * The private folders of attempts. Most stay empty, and on a journalling disk making and removing a folder costs ten
 * times what renaming one does: so a few empty ones are kept beside them and become the next attempts' folders.
 */
export class ScratchFolders {
  private spares: string[] = []
  private named = 0
  private mode: number | null = null
  private readonly removals = new Set<Promise<void>>()

  /** Makes the folder. Throws where the system refuses. */
  make(path: string): void {
    const spare = this.takeSpareBeside(path)
    if (spare !== null && renamed(spare, path)) return
    mkdirSync(path, { recursive: true })
    this.mode ??= statSync(path).mode
  }

  /** Gone at once where it is empty, else soon (see `settled`). What cannot be removed stays. */
  remove(path: string): void {
    if (this.keep(path)) return
    const removal = rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined)
    this.removals.add(removal)
    void removal.then(() => this.removals.delete(removal))
  }

  /** Removes the empty ones that are kept. */
  clear(): void {
    for (const spare of this.spares) {
      try {
        rmdirSync(spare)
      } catch {
        // Its run was deleted, or something was put into it: it is not ours to judge.
      }
    }
    this.spares = []
  }

  /** Resolves when all that is being removed is gone. */
  async settled(): Promise<void> {
    await Promise.all(this.removals)
  }

  private takeSpareBeside(path: string): string | null {
    const folder = dirname(path)
    const at = this.spares.findIndex((spare) => dirname(spare) === folder)
    return at < 0 ? null : this.spares.splice(at, 1)[0]!
  }

  /** Empty, and as it was made: another attempt may have it under its own name. */
  private keep(path: string): boolean {
    if (this.spares.length >= MOST_SPARES) return false
    const spare = join(dirname(path), `spare-${process.pid}-${this.named}`)
    try {
      if (readdirSync(path).length > 0 || statSync(path).mode !== this.mode) return false
    } catch {
      return false
    }
    if (!renamed(path, spare)) return false
    this.named += 1
    this.spares.push(spare)
    return true
  }
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}
