import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { Toast as Primitive } from 'radix-ui'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'
import { Message } from './Message.tsx'
import styles from './Toast.module.css'

export interface ToastContent {
  readonly id: string
  readonly tone: 'info' | 'success' | 'warning' | 'error'
  readonly title: string
  /** Where it happened. */
  readonly where?: string | undefined
  /** What to do next. */
  readonly next?: string | undefined
  /** Stable, to search for. */
  readonly code?: string | undefined
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert }

export function Toasts({
  toasts,
  onDismiss,
}: {
  readonly toasts: readonly ToastContent[]
  readonly onDismiss: (id: string) => void
}) {
  return (
    <Primitive.Provider duration={6000} swipeDirection="right">
      {toasts.map((toast) => (
        <Toast key={toast.id} toast={toast} onDismiss={onDismiss} />
      ))}
      <Primitive.Viewport className={styles.viewport} />
    </Primitive.Provider>
  )
}

function Toast({ toast, onDismiss }: { readonly toast: ToastContent; readonly onDismiss: (id: string) => void }) {
  const Icon = ICONS[toast.tone]
  return (
    <Primitive.Root
      className={classes(styles.toast, styles[toast.tone])}
      // An error stays until it is read.
      duration={toast.tone === 'error' ? Number.POSITIVE_INFINITY : 6000}
      onOpenChange={(open) => !open && onDismiss(toast.id)}
    >
      <Icon size={16} className={styles.icon} aria-hidden />
      <div className={styles.body}>
        <Primitive.Title className={styles.title}>
          <Message text={toast.title} />
        </Primitive.Title>
        {(toast.where || toast.next || toast.code) && (
          <Primitive.Description className={styles.description} asChild>
            <div>
              {toast.where && <div className={styles.where}>{toast.where}</div>}
              {toast.next && (
                <div>
                  <Message text={toast.next} />
                </div>
              )}
              {toast.code && <code className={styles.code}>{toast.code}</code>}
            </div>
          </Primitive.Description>
        )}
        {toast.action && (
          <Primitive.Action asChild altText={toast.action.label}>
            <Button size="small" onClick={toast.action.run} className={styles.action ?? ''}>
              {toast.action.label}
            </Button>
          </Primitive.Action>
        )}
      </div>
      <Primitive.Close className={styles.close} aria-label="Dismiss">
        <X size={14} aria-hidden />
      </Primitive.Close>
    </Primitive.Root>
  )
}
