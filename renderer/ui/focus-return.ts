import { useRef } from 'react'

/**
 * For dialogs that no trigger of their own opened: what had the focus before gets it back, unless it is elsewhere by
 * then, as where a command puts it.
 */
export function useFocusReturn() {
  const before = useRef<Element | null>(null)
  return {
    /** Of `onOpenAutoFocus`. */
    remember: () => {
      before.current = document.activeElement
    },
    /** Of `onCloseAutoFocus`. */
    giveBack: (event: Event) => {
      event.preventDefault()
      if (document.activeElement === document.body && before.current instanceof HTMLElement)
        before.current.focus({ preventScroll: true })
    },
  }
}
