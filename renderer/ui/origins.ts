import { Archive, Hand, History, type LucideIcon, Pin } from 'lucide-react'
import type { Origin } from '#shared/journal/event.ts'

/** How a success came about that was not executed, as people read it: a shape and a word. */
export const ORIGIN_STYLES: Readonly<
  Record<Exclude<Origin, 'executed'>, { readonly icon: LucideIcon; readonly label: string }>
> = {
  reused: { icon: History, label: 'reused' },
  pinned: { icon: Pin, label: 'pinned' },
  cached: { icon: Archive, label: 'cached' },
  marked: { icon: Hand, label: 'marked' },
}
