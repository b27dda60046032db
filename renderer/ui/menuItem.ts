import type { LucideIcon } from 'lucide-react'

/** One entry of a menu, whichever kind of menu shows it. */
export type MenuItem =
  | {
      readonly type?: 'item'
      readonly id: string
      readonly label: string
      readonly icon?: LucideIcon | undefined
      readonly shortcut?: string | undefined
      /** Shown in secondary text behind the label. */
      readonly detail?: string | undefined
      readonly disabled?: boolean | undefined
      readonly danger?: boolean | undefined
      /** Defined: the entry is a choice and shows a tick. */
      readonly checked?: boolean | undefined
      readonly onSelect: () => void
    }
  | { readonly type: 'separator'; readonly id: string }
  | { readonly type: 'heading'; readonly id: string; readonly label: string }
  | {
      readonly type: 'submenu'
      readonly id: string
      readonly label: string
      readonly icon?: LucideIcon | undefined
      readonly items: readonly MenuItem[]
    }
