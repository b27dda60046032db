import { Check, ChevronRight } from 'lucide-react'
import { ContextMenu as ContextPrimitive, DropdownMenu as DropdownPrimitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Kbd } from './Kbd.tsx'
import styles from './Menu.module.css'
import type { MenuItem } from './menuItem.ts'

/** Both of Radix' menus have these parts under the same names. */
type Parts = Pick<
  typeof DropdownPrimitive,
  'Item' | 'Label' | 'Separator' | 'Sub' | 'SubTrigger' | 'SubContent' | 'Portal'
>

function Items({ items, parts }: { readonly items: MenuProps['items']; readonly parts: Parts }) {
  const entries = typeof items === 'function' ? items() : items
  return entries.map((item) => <Entry key={item.id} item={item} parts={parts} />)
}

function Entry({ item, parts: P }: { readonly item: MenuItem; readonly parts: Parts }) {
  if (item.type === 'separator') return <P.Separator className={styles.separator} />
  if (item.type === 'heading') return <P.Label className={styles.heading}>{item.label}</P.Label>
  if (item.type === 'submenu') {
    return (
      <P.Sub>
        <P.SubTrigger className={styles.item}>
          <span className={styles.icon}>{item.icon && <item.icon size={14} aria-hidden />}</span>
          <span className={styles.label}>{item.label}</span>
          <ChevronRight size={14} aria-hidden />
        </P.SubTrigger>
        <P.Portal>
          <P.SubContent className={styles.content} sideOffset={2} collisionPadding={8}>
            <Items items={item.items} parts={P} />
          </P.SubContent>
        </P.Portal>
      </P.Sub>
    )
  }
  const Icon = item.checked ? Check : item.icon
  return (
    <P.Item
      className={classes(styles.item, item.danger && styles.danger)}
      disabled={item.disabled ?? false}
      onSelect={item.onSelect}
    >
      <span className={styles.icon}>{Icon && <Icon size={14} aria-hidden />}</span>
      <span className={styles.label}>
        {item.label}
        {item.checked && <span className="visually-hidden"> (chosen)</span>}
      </span>
      {item.detail && <span className={styles.detail}>{item.detail}</span>}
      {item.shortcut && <Kbd shortcut={item.shortcut} />}
    </P.Item>
  )
}

export interface MenuProps {
  /** A function is asked whenever the menu opens: its entries tell what is possible then. */
  readonly items: readonly MenuItem[] | (() => readonly MenuItem[])
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  /** The button that opens it: one element that takes a ref. */
  readonly children: ReactNode
}

export function Menu({ items, align = 'start', side = 'bottom', children }: MenuProps) {
  return (
    <DropdownPrimitive.Root modal={false}>
      <DropdownPrimitive.Trigger asChild>{children}</DropdownPrimitive.Trigger>
      <DropdownPrimitive.Portal>
        <DropdownPrimitive.Content
          className={styles.content}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
        >
          <Items items={items} parts={DropdownPrimitive} />
        </DropdownPrimitive.Content>
      </DropdownPrimitive.Portal>
    </DropdownPrimitive.Root>
  )
}

export interface ContextMenuProps {
  readonly items: readonly MenuItem[]
  readonly onOpenChange?: (open: boolean) => void
  /** The area it belongs to: one element that takes a ref. */
  readonly children: ReactNode
}

export function ContextMenu({ items, onOpenChange, children }: ContextMenuProps) {
  return (
    <ContextPrimitive.Root modal={false} onOpenChange={(open) => onOpenChange?.(open)}>
      <ContextPrimitive.Trigger asChild>{children}</ContextPrimitive.Trigger>
      <ContextPrimitive.Portal>
        <ContextPrimitive.Content className={styles.content} collisionPadding={8}>
          <Items items={items} parts={ContextPrimitive} />
        </ContextPrimitive.Content>
      </ContextPrimitive.Portal>
    </ContextPrimitive.Root>
  )
}
