import { withoutComments } from './database.ts'

/**
 * Who may use the instance now. The working directory belongs to the whole process, and attached databases and global
 * settings to the whole instance: so tasks of one directory run side by side, tasks of another one wait, and a task
 * that attaches or sets something runs alone. First come, first served, so that nobody starves.
 */
export interface Turn {
  readonly cwd: string
  readonly alone: boolean
}

export class Turns {
  private readonly active = new Set<Turn>()
  private readonly waiting: { readonly turn: Turn; readonly tell: (admitted: boolean) => void }[] = []

  /** Resolves to true when it is `turn`'s turn, to be given back with `release`; to false where `withdraw` came before. */
  acquire(turn: Turn): Promise<boolean> {
    return new Promise((resolve) => {
      this.waiting.push({ turn, tell: resolve })
      this.admit()
    })
  }

  /** It waits no longer. Does nothing where it was admitted already. */
  withdraw(turn: Turn): void {
    const at = this.waiting.findIndex((one) => one.turn === turn)
    if (at < 0) return
    this.waiting.splice(at, 1)[0]!.tell(false)
    this.admit()
  }

  release(turn: Turn): void {
    this.active.delete(turn)
    this.admit()
  }

  private admit(): void {
    for (;;) {
      const next = this.waiting[0]
      if (next === undefined || !this.fits(next.turn)) return
      this.waiting.shift()
      this.active.add(next.turn)
      next.tell(true)
    }
  }

  private fits(turn: Turn): boolean {
    for (const other of this.active) {
      if (turn.alone || other.alone || other.cwd !== turn.cwd) return false
    }
    return true
  }
}

/** Whether a text has statements whose effect reaches beyond their connection. Errs on the careful side. */
export function needsToBeAlone(sql: string): boolean {
  return /(?:^|;)\s*(?:attach|detach|set|reset|pragma|use)\b/i.test(withoutComments(sql))
}
