import { Tooltip as Primitive } from 'radix-ui'
import type { FocusEvent, ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'
import styles from './Tooltip.module.css'

export interface TooltipProps {
  readonly label: ReactNode
  /** As in the command registry: 'Mod+Shift+Z'. */
  readonly shortcut?: string | undefined
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  /** One element that takes a ref. */
  readonly children: ReactNode
}

export const TooltipProvider = Primitive.Provider

export function Tooltip({ label, shortcut, side = 'bottom', children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild onFocus={onlyByKeyboard}>
        {children}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={styles.content} side={side} sideOffset={6} collisionPadding={8}>
          {label}
          {shortcut && <Kbd shortcut={shortcut} />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** A menu or dialog that closes gives the focus back to its button: no reason to explain the button. */
function onlyByKeyboard(event: FocusEvent<HTMLElement>): void {
  const from = event.relatedTarget
  const returned = !(from instanceof Element) || from.closest('[role="menu"], [role="dialog"]') !== null
  if (returned || !event.target.matches(':focus-visible')) event.preventDefault()
}
