import type { LucideIcon } from 'lucide-react'
import { createElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'

/** Side of the square that icons are drawn in. */
const SIDE = 24
const shapes = new Map<LucideIcon, Path2D>()

/** Strokes an icon with the context's colour; `size` and `x`, `y` of its corner are canvas pixels. */
export function strokeIcon(
  context: CanvasRenderingContext2D,
  icon: LucideIcon,
  x: number,
  y: number,
  size: number,
  width: number,
): void {
  context.save()
  context.translate(x, y)
  context.scale(size / SIDE, size / SIDE)
  context.lineWidth = width
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.stroke(shapeOf(icon))
  context.restore()
}

/** The icon's own shapes, read once from what React makes of it. */
function shapeOf(icon: LucideIcon): Path2D {
  const known = shapes.get(icon)
  if (known) return known
  const holder = document.createElement('div')
  const root = createRoot(holder)
  flushSync(() => root.render(createElement(icon)))
  const path = new Path2D()
  for (const element of holder.querySelectorAll('svg > *')) path.addPath(new Path2D(outlineOf(element)))
  root.unmount()
  shapes.set(icon, path)
  return path
}

/** An SVG element as path data; icons consist of these. */
function outlineOf(element: Element): string {
  const number = (name: string) => Number(element.getAttribute(name) ?? 0)
  switch (element.tagName) {
    case 'circle':
      return ellipse(number('cx'), number('cy'), number('r'), number('r'))
    case 'ellipse':
      return ellipse(number('cx'), number('cy'), number('rx'), number('ry'))
    case 'line':
      return `M${number('x1')} ${number('y1')}L${number('x2')} ${number('y2')}`
    case 'rect':
      return rectangle(number('x'), number('y'), number('width'), number('height'), number('rx'))
    case 'polyline':
      return `M${element.getAttribute('points') ?? '0 0'}`
    case 'polygon':
      return `M${element.getAttribute('points') ?? '0 0'}Z`
    default:
      return element.getAttribute('d') ?? ''
  }
}

function ellipse(x: number, y: number, rx: number, ry: number): string {
  return `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`
}

function rectangle(x: number, y: number, width: number, height: number, r: number): string {
  const [across, down] = [width - 2 * r, height - 2 * r]
  const corner = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`
  return `M${x + r} ${y}h${across}${corner(r, r)}v${down}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-down}${corner(r, -r)}Z`
}
