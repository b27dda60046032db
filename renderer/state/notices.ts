import { create } from 'zustand'
import { appErrorOf, isConnectionError } from '#shared/contract/call-error.ts'
import type { ToastContent } from '../ui/Toast.tsx'

/** Short messages at the corner of the window: what happened, where, what to do next, and a code to search for. */
interface Notices {
  readonly toasts: readonly ToastContent[]
}

export const useNotices = create<Notices>(() => ({ toasts: [] }))

/** More than these at once are noise; the oldest go. */
const MOST_TOASTS = 4
let serial = 0

export type Notice = Omit<ToastContent, 'id'>

export function notify(notice: Notice): void {
  useNotices.setState(({ toasts }) => {
    const others = toasts.filter((toast) => toast.title !== notice.title || toast.where !== notice.where)
    return { toasts: [...others, { ...notice, id: String(++serial) }].slice(-MOST_TOASTS) }
  })
}

export function dismissNotice(id: string): void {
  useNotices.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}

/** Tells of a rejected call. `doing` names what was tried, for failures no host explains: "Save flights.dag.yaml". */
export function notifyError(error: unknown, doing: string): void {
  if (error instanceof DOMException && error.name === 'AbortError') return
  const data = appErrorOf(error)
  if (data) {
    // What the message names already need not stand below it again.
    const where = data.where && data.message.includes(data.where) ? undefined : data.where
    notify({ tone: 'error', title: data.message, where, next: data.next, code: data.code })
  } else if (isConnectionError(error)) {
    notify({
      tone: 'error',
      title: `${doing}: Dagwright's engine did not answer.`,
      where: error instanceof Error ? error.message : undefined,
      next: 'Your unsaved work is kept in this window. Try again when the connection is back.',
      code: 'CONNECTION',
    })
  } else {
    notify({
      tone: 'error',
      title: `${doing} failed.`,
      where: error instanceof Error ? error.message : String(error),
      next: 'This is a fault in Dagwright; please report it with the code.',
      code: 'INTERNAL',
    })
  }
}

/** Runs an action of the user interface and tells of its failure. Resolves to undefined where it failed. */
export async function attempt<T>(doing: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    notifyError(error, doing)
    return undefined
  }
}
