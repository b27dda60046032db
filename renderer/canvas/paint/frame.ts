import { ChevronDown, ChevronRight } from 'lucide-react'
import type { Group, Note } from '#shared/model/pipeline.ts'
import { STATE_STYLES } from '../../ui/states.ts'
import { type Box, TASK_HEIGHT, TASK_WIDTH } from '../geometry.ts'
import { groupColor } from '../tint.ts'
import { baseline, type CardPaint, roundRect } from './card.ts'
import type { GroupLook } from './groupLook.ts'
import { strokeIcon } from './icons.ts'
import { fitted, setFont } from './text.ts'

/** The frames of groups, collapsed groups and notes: the pictures of GroupFrame.module.css and NoteCard.module.css. */

/** The body of an open group; its header is `paintFrameHeader`. */
export function paintFrame({ context, palette, pixel }: CardPaint, group: Group, frame: Box, selected: boolean): void {
  const tint = groupColor(group.color, group.id)
  roundRect(context, frame.x + 0.5, frame.y + 0.5, frame.width - 1, frame.height - 1, 11.5)
  context.fillStyle = palette.color(`color-mix(in srgb, ${tint} 6%, transparent)`)
  context.fill()
  context.lineWidth = Math.max(selected ? 2 : 1, pixel * (selected ? 2 : 0.75))
  context.strokeStyle = palette.color(selected ? 'var(--accent)' : `color-mix(in srgb, ${tint} 45%, var(--hairline))`)
  context.stroke()
}

export function paintFrameHeader(
  { context, palette, level }: CardPaint,
  look: Pick<GroupLook, 'name' | 'count'>,
  frame: Box,
): void {
  const far = level === 'far' || level === 'farther'
  const middle = frame.y + 1 + (far ? 20 : 15)
  const size = far ? 24 : 12
  context.strokeStyle = palette.token('--text-2')
  strokeIcon(context, ChevronDown, frame.x + 10, middle - 7, 14, 2)
  setFont(context, 550, size, 0)
  context.fillStyle = palette.token('--text-2')
  const name = fitted(context, look.name, Math.max(0, frame.width - 70))
  context.fillText(name, frame.x + 33, baseline(middle, size))
  const end = frame.x + 33 + context.measureText(name).width + 4
  setFont(context, 400, size, 0)
  context.fillStyle = palette.token('--text-3')
  context.fillText(String(look.count), end, baseline(middle, size))
}

/** A collapsed group's card, with its corner at the origin. */
export function paintGroupCard(paint: CardPaint, look: GroupLook, selected: boolean): void {
  const { context, palette, level, pixel } = paint
  const { tint } = look
  for (const shift of [6, 3]) {
    surface(paint, 'var(--border)', shift, 0)
    surface(paint, 'var(--surface)', shift, 1)
  }
  surface(paint, `color-mix(in srgb, ${tint} 9%, var(--surface))`, 0, 0)
  context.lineWidth = selected ? Math.max(2, 1.5 * pixel) : 1
  const plain = look.warm ? 'var(--critical)' : `color-mix(in srgb, ${tint} 60%, var(--border))`
  context.strokeStyle = palette.color(selected ? 'var(--accent)' : plain)
  roundRect(context, 0.5, 0.5, TASK_WIDTH - 1, TASK_HEIGHT - 1, 7.5)
  context.stroke()
  context.strokeStyle = palette.token('--text-2')
  strokeIcon(context, ChevronRight, 12, 17, 14, 2)
  context.fillStyle = palette.token('--text')
  setFont(context, 550, 13, 0)
  context.fillText(fitted(context, look.name, TASK_WIDTH - 46), 35, baseline(24, 13))
  if (level === 'far' || level === 'farther') return
  paintGroupLine(paint, look)
}

function paintGroupLine({ context, palette }: CardPaint, look: GroupLook): void {
  const y = baseline(45, 12)
  setFont(context, 400, 12, 0)
  context.fillStyle = palette.token('--text-2')
  context.textAlign = 'right'
  context.fillText(look.work, TASK_WIDTH - 11, y)
  context.textAlign = 'left'
  if (look.state === null) {
    context.fillText(`${look.count} ${look.count === 1 ? 'task' : 'tasks'}`, 13, y)
    return
  }
  context.strokeStyle = palette.token(`--state-${look.state}`)
  strokeIcon(context, STATE_STYLES[look.state].icon, 13, 38.5, 13, 2.25)
  context.fillText(STATE_STYLES[look.state].label, 31, y)
}

function surface({ context, palette }: CardPaint, color: string, shift: number, inset: number): void {
  context.fillStyle = palette.color(color)
  roundRect(context, shift + inset, shift + inset, TASK_WIDTH - 2 * inset, TASK_HEIGHT - 2 * inset, 8 - inset)
  context.fill()
}

const NOTE_LINE = 19

/** A note from afar: its first lines without their marks. Near by it is Markdown, drawn by React. */
export function paintNote({ context, palette, pixel, level }: CardPaint, note: Note, at: Box, selected: boolean): void {
  roundRect(context, at.x + 0.5, at.y + 0.5, at.width - 1, at.height - 1, 5.5)
  context.fillStyle = palette.color('color-mix(in srgb, var(--state-retrying) 8%, var(--surface))')
  context.fill()
  context.lineWidth = Math.max(1, 0.75 * pixel)
  context.strokeStyle = palette.color(
    selected ? 'var(--accent)' : 'color-mix(in srgb, var(--state-retrying) 30%, var(--hairline))',
  )
  context.stroke()
  if (level === 'farther') return
  setFont(context, 400, 13, 0)
  context.fillStyle = palette.token('--text')
  const room = Math.max(1, Math.floor((at.height - 16) / NOTE_LINE))
  const lines = note.text
    .replace(/[*_`#>]/g, '')
    .split('\n')
    .slice(0, room)
  lines.forEach((line, index) => {
    const y = at.y + 9 + NOTE_LINE * (index + 0.5)
    context.fillText(fitted(context, line.trim(), at.width - 26), at.x + 13, baseline(y, 13))
  })
}
