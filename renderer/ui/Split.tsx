import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { classes } from './classes.ts'
import styles from './Split.module.css'

export interface ResizablePanelProps {
  /** Where the panel stands; the handle is on the opposite side. */
  readonly side: 'left' | 'right' | 'bottom'
  /** Its size is remembered under this name. */
  readonly name: string
  readonly initial: number
  readonly minimum: number
  readonly maximum: number
  /** For screen readers: what this part of the window is, and `data-part` by its name. */
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}

const storageKey = (name: string) => `dagwright.panel.${name}`

function remembered(name: string, initial: number): number {
  const value = Number(localStorage.getItem(storageKey(name)))
  return Number.isFinite(value) && value > 0 ? value : initial
}

/** A panel at an edge of its flex parent, resizable by pointer and arrow keys. Double-click takes the first size back. */
export function ResizablePanel(props: ResizablePanelProps) {
  const { side, name, initial, minimum, maximum, label, className, children } = props
  const [size, setSize] = useState(() => remembered(name, initial))
  const drag = useRef<{ from: number; size: number } | null>(null)
  const horizontal = side !== 'bottom'
  const change = (next: number) => {
    const value = Math.round(Math.min(maximum, Math.max(minimum, next)))
    setSize(value)
    localStorage.setItem(storageKey(name), String(value))
  }
  const along = (event: PointerEvent) => (horizontal ? event.clientX : event.clientY)
  const pointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { from: along(event), size }
  }
  const pointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!drag.current) return
    const moved = along(event) - drag.current.from
    change(drag.current.size + (side === 'left' ? moved : -moved))
  }
  const keyDown = (event: KeyboardEvent) => {
    const grow = side === 'left' ? 'ArrowRight' : side === 'right' ? 'ArrowLeft' : 'ArrowUp'
    const shrink = side === 'left' ? 'ArrowLeft' : side === 'right' ? 'ArrowRight' : 'ArrowDown'
    if (event.key !== grow && event.key !== shrink) return
    event.preventDefault()
    event.stopPropagation()
    change(size + (event.key === grow ? 16 : -16))
  }
  const style: CSSProperties = horizontal ? { width: size } : { height: size }
  return (
    <aside className={classes(styles.panel, styles[side], className)} style={style} aria-label={label} data-part={name}>
      {children}
      {/* biome-ignore lint/a11y/useSemanticElements: a focusable separator is the ARIA pattern of a window splitter */}
      <div
        role="separator"
        tabIndex={0}
        aria-label={`Resize: ${label}`}
        aria-orientation={horizontal ? 'vertical' : 'horizontal'}
        aria-valuenow={size}
        aria-valuemin={minimum}
        aria-valuemax={maximum}
        className={classes(styles.handle, styles[`${side}Handle`])}
        onPointerDown={pointerDown}
        onPointerMove={pointerMove}
        onPointerUp={() => {
          drag.current = null
        }}
        onDoubleClick={() => change(initial)}
        onKeyDown={keyDown}
      />
    </aside>
  )
}
