import { Tabs as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './Tabs.module.css'

export interface Tab {
  readonly id: string
  readonly label: string
  /** A small number behind the label, e.g. of problems. */
  readonly count?: number | undefined
  readonly content: ReactNode
}

export interface TabsProps {
  readonly tabs: readonly Tab[]
  readonly value: string
  readonly onChange: (id: string) => void
  /** Name of the tab list for screen readers. */
  readonly label: string
  /** Stands at the right end of the tab row. */
  readonly actions?: ReactNode
  readonly className?: string
}

/** Only the chosen tab's content is mounted. */
export function Tabs({ tabs, value, onChange, label, actions, className }: TabsProps) {
  return (
    <Primitive.Root className={classes(styles.root, className)} value={value} onValueChange={onChange}>
      <div className={styles.row}>
        <Primitive.List className={styles.list} aria-label={label}>
          {tabs.map((tab) => (
            <Primitive.Trigger key={tab.id} value={tab.id} className={styles.tab}>
              {tab.label}
              {tab.count !== undefined && tab.count > 0 && <span className={styles.count}>{tab.count}</span>}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.id} value={tab.id} className={styles.content}>
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  )
}
