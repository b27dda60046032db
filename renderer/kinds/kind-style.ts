import type { LucideIcon } from 'lucide-react'

export interface KindStyle {
  readonly label: string
  /** What such a task does, in a few words. */
  readonly description: string
  /** An icon, or where the language's own short name says more, that. */
  readonly icon: LucideIcon | null
  readonly letters: string | null
}
