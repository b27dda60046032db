import { ChevronDown, ChevronRight } from 'lucide-react'
import type { Group, Note } from '#shared/model/pipeline.ts'
import { STATE_STYLES } from '../../ui/states.ts'
import { type Box, TASK_HEIGHT, TASK_WIDTH } from '../geometry.ts'
import { noteLines } from '../noteText.ts'
import { groupColor } from '../tint.ts'
import { baseline, blockColor, borderColor, type CardPaint, hatch, roundRect } from './card.ts'
import { countText, type GroupLook } from './groupLook.ts'
import { strokeIcon } from './icons.ts'
import type { Level } from './level.ts'
import type { Palette } from './palette.ts'
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

/** Pixels of the header by level: its letters, its arrow, and where their middle is. */
const HEADERS: Readonly<Record<Level, { readonly size: number; readonly arrow: number; readonly middle: number }>> = {
  near: { size: 12, arrow: 14, middle: 16 },
  middle: { size: 17, arrow: 18, middle: 18 },
  far: { size: 24, arrow: 22, middle: 21 },
  farther: { size: 24, arrow: 22, middle: 21 },
}

export function paintFrameHeader(
  { context, palette, level }: CardPaint,
  look: Pick<GroupLook, 'name' | 'count'>,
  frame: Box,
): void {
  const { size, arrow, middle: down } = HEADERS[level]
  const middle = frame.y + down
  context.strokeStyle = palette.token('--text-2')
  strokeIcon(context, ChevronDown, frame.x + 17 - arrow / 2, middle - arrow / 2, arrow, 2)
  setFont(context, 550, size, 0)
  context.fillStyle = palette.token('--text-2')
  const name = fitted(context, look.name, Math.max(0, frame.width - 70))
  context.fillText(name, frame.x + 33, baseline(middle, size))
  const end = frame.x + 33 + context.measureText(name).width + 4
  setFont(context, 400, size, 0)
  context.fillStyle = palette.token('--text-3')
  context.fillText(String(look.count), end, baseline(middle, size))
}

/** Pixels of a collapsed group's card by level: letters, icons and the middles of its two lines. */
const CARDS = {
  near: { name: 13, arrow: 14, first: 24, words: 12, icon: 13, second: 45 },
  middle: { name: 17, arrow: 18, first: 23, words: 16, icon: 16, second: 51 },
  far: { name: 21, arrow: 20, first: 25, words: 20, icon: 20, second: 49 },
} as const

/** A collapsed group's card, with its corner at the origin. */
export function paintGroupCard(paint: CardPaint, look: GroupLook, selected: boolean): void {
  const { context, palette, level, pixel } = paint
  const { tint } = look
  for (const shift of look.dimmed ? [] : [6, 3]) {
    surface(paint, palette.token('--border'), shift, 0)
    surface(paint, palette.token('--surface'), shift, 1)
  }
  surface(paint, level === 'farther' ? blockColor(palette, look, tint) : surfaceColor(palette, look), 0, 0)
  if (look.hatched) hatch(context, palette)
  context.lineWidth = selected ? Math.max(2, 1.5 * pixel) : 1
  context.strokeStyle = selected ? palette.token('--accent') : groupBorder(palette, look)
  roundRect(context, 0.5, 0.5, TASK_WIDTH - 1, TASK_HEIGHT - 1, 7.5)
  context.stroke()
  if (level === 'farther') return
  const { name, arrow, first } = CARDS[level]
  context.strokeStyle = palette.token(look.ground === null ? '--text-2' : '--heat-text')
  strokeIcon(context, ChevronRight, 19 - arrow / 2, first - arrow / 2, arrow, 2)
  context.fillStyle = textColor(palette, look, '--text')
  setFont(context, 550, name, 0)
  context.fillText(fitted(context, look.name, TASK_WIDTH - 46), 35, baseline(first, name))
  paintGroupLine(paint, look, level)
}

function surfaceColor(palette: Palette, { ground, dimmed, tint }: GroupLook): string {
  if (ground !== null) return palette.token(ground)
  return palette.color(dimmed ? 'var(--canvas)' : `color-mix(in srgb, ${tint} 9%, var(--surface))`)
}

function groupBorder(palette: Palette, look: GroupLook): string {
  if (look.warm || look.near || look.dimmed) return borderColor(palette, look, false)
  return palette.color(`color-mix(in srgb, ${look.tint} 60%, var(--border))`)
}

function textColor(palette: Palette, { ground, dimmed }: GroupLook, plain: '--text' | '--text-2'): string {
  return palette.token(ground !== null ? '--heat-text' : dimmed ? '--text-2' : plain)
}

function paintGroupLine({ context, palette }: CardPaint, look: GroupLook, level: keyof typeof CARDS): void {
  const { words, icon, second } = CARDS[level]
  const y = baseline(second, words)
  setFont(context, 400, words, 0)
  context.fillStyle = textColor(palette, look, '--text-2')
  let right = TASK_WIDTH - 11
  if (level !== 'far') {
    context.textAlign = 'right'
    context.fillText(look.work, right, y)
    context.textAlign = 'left'
    right -= context.measureText(look.work).width + 8
  }
  if (look.told !== null || look.state === null) {
    context.fillText(fitted(context, look.told?.text ?? countText(look.count), right - 13), 13, y)
    return
  }
  context.strokeStyle = palette.token(`--state-${look.state}`)
  strokeIcon(context, STATE_STYLES[look.state].icon, 13, second - icon / 2, icon, 2.25)
  context.fillText(fitted(context, STATE_STYLES[look.state].label, right - 18 - icon), 18 + icon, y)
}

function surface({ context }: CardPaint, color: string, shift: number, inset: number): void {
  context.fillStyle = color
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
  const lines = noteLines(note.text).slice(0, room)
  lines.forEach((line, index) => {
    const y = at.y + 9 + NOTE_LINE * (index + 0.5)
    context.fillText(fitted(context, line.trim(), at.width - 26), at.x + 13, baseline(y, 13))
  })
}
