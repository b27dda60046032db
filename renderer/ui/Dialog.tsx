import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './Dialog.module.css'
import { useFocusReturn } from './focus-return.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** One sentence under the title. */
  readonly description?: ReactNode
  readonly size?: 'small' | 'medium' | 'large' | 'full'
  /** Buttons, right-aligned; the one that does it last. */
  readonly footer?: ReactNode
  /** It is there to be read: its text takes the focus, so that keys scroll it. */
  readonly reading?: boolean
  readonly children?: ReactNode
}

export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, size = 'medium', footer, reading = false, children } = props
  const { remember, giveBack } = useFocusReturn()
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.scrim} />
        <Primitive.Content
          className={classes(styles.content, styles[size])}
          onOpenAutoFocus={(event) => {
            remember()
            focusFirst(event)
          }}
          onCloseAutoFocus={giveBack}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={styles.header}>
            <div>
              <Primitive.Title className={styles.title}>{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className={styles.description}>{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close className={styles.close} aria-label="Close">
              <X size={16} aria-hidden />
            </Primitive.Close>
          </header>
          {children !== undefined && (
            <div className={styles.body} {...(reading ? { tabIndex: 0, 'data-autofocus': true } : {})}>
              {children}
            </div>
          )}
          {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/**
 * What `data-autofocus` names, else the first field to fill in, else the button that does it: not the one that closes,
 * which stands first.
 */
function focusFirst(event: Event): void {
  const content = event.target
  if (!(content instanceof HTMLElement)) return
  event.preventDefault()
  const field = content.querySelector<HTMLElement>(
    `.${styles.body} :is(input, textarea, select, [role="combobox"]):not(:disabled)`,
  )
  const target =
    content.querySelector<HTMLElement>('[data-autofocus]') ??
    field ??
    content.querySelector<HTMLElement>(`.${styles.footer} button:last-of-type`) ??
    content
  target.focus()
  if (target instanceof HTMLInputElement) target.select()
}
