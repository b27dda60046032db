import { AlarmClock, CircleCheckBig, Layers, type LucideIcon, Pin, Siren, TriangleAlert } from 'lucide-react'
import { KIND_STYLES } from '../../ui/kinds.ts'
import { ORIGIN_STYLES } from '../../ui/origins.ts'
import { STATE_STYLES } from '../../ui/states.ts'
import { TASK_HEIGHT, TASK_WIDTH } from '../geometry.ts'
import { strokeIcon } from './icons.ts'
import type { Level } from './level.ts'
import type { CardLook } from './look.ts'
import type { Palette } from './palette.ts'
import { fitted, setFont, twoLines } from './text.ts'

/**
 * A task's card on a canvas, the picture of TaskCard.module.css: its sizes, by level. Whoever changes one changes the
 * other; canvas.spec.ts compares their pixels.
 */
export interface CardPaint {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly level: Level
  /** Pixels of the canvas to one of the screen: the least width that can be seen. */
  readonly pixel: number
}

const RADIUS = 8
/** Canvas pixels from one slanting line to the next, level. */
const HATCH_STEP = 12
const LEFT = 13
const RIGHT = TASK_WIDTH - 9

/** With its corner at the context's origin. */
export function paintCard(paint: CardPaint, look: CardLook, tint: string, selected: boolean): void {
  if (paint.level === 'farther') paintBlock(paint, look, tint, selected)
  else {
    paintSurface(paint, look, tint, selected)
    paint.context.textBaseline = 'alphabetic'
    if (paint.level === 'far') paintFarText(paint, look)
    else paintText(paint, look)
  }
}

/** What decides the colour of a card as a mere block. */
export type BlockLook = Pick<CardLook, 'lens' | 'ground' | 'hatched' | 'warm' | 'near' | 'state'>

/** Of nearly critical tasks: the critical colour, calmer. */
export const NEAR_COLOR = 'color-mix(in srgb, var(--critical) 50%, var(--bar))'

/** Of a task that runs after all others, by how the run ended. */
export function handlerIcon(handler: NonNullable<CardLook['badges']['handler']>): LucideIcon {
  return handler === 'succeeds' ? CircleCheckBig : Siren
}

/** The colour of the card as a mere block. */
export function blockColor(palette: Palette, look: BlockLook, tint: string): string {
  if (look.ground !== null) return palette.token(look.ground)
  if (look.hatched) return palette.token('--hairline')
  if (look.near) return palette.color(NEAR_COLOR)
  if (look.lens === 'critical') return palette.token(look.warm ? '--critical' : '--bar')
  if (look.state !== null) return palette.token(`--state-${look.state}`)
  return palette.color(`color-mix(in srgb, ${tint === 'transparent' ? 'var(--canvas)' : tint} 30%, var(--bar-typical))`)
}

function paintBlock(paint: CardPaint, look: CardLook, tint: string, selected: boolean): void {
  const { context, palette, pixel } = paint
  roundRect(context, 0, 0, TASK_WIDTH, TASK_HEIGHT, RADIUS)
  context.fillStyle = blockColor(palette, look, tint)
  context.fill()
  if (selected) outline(context, palette.token('--accent'), Math.max(2, 2 * pixel))
}

function paintSurface(paint: CardPaint, look: CardLook, tint: string, selected: boolean): void {
  const { context, palette, level, pixel } = paint
  const flat = look.dimmed || level === 'far'
  if (look.mapped && !flat) {
    box(context, palette.token('--border'), 3, 3, TASK_WIDTH, TASK_HEIGHT)
    box(context, palette.token('--surface'), 4, 4, TASK_WIDTH - 2, TASK_HEIGHT - 2)
  } else if (!flat) {
    box(context, palette.color('color-mix(in srgb, black 5%, transparent)'), 0, 1, TASK_WIDTH, TASK_HEIGHT)
  }
  box(context, surfaceColor(palette, look), 0, 0, TASK_WIDTH, TASK_HEIGHT)
  if (look.state === 'failed' && look.ground === null && !look.hatched && !look.dimmed) {
    box(context, palette.token('--danger-soft'), 0, 0, TASK_WIDTH, TASK_HEIGHT)
  }
  if (look.hatched) hatch(context, palette)
  if (tint !== 'transparent') {
    context.fillStyle = palette.color(tint)
    roundRect(context, 5, 9, 3, TASK_HEIGHT - 18, 1.5)
    context.fill()
  }
  const width = level === 'far' && look.state !== null ? 2 : 1
  context.lineWidth = width
  context.strokeStyle = borderColor(palette, look, selected)
  if (look.optional) context.setLineDash([3 * width, 2 * width])
  roundRect(context, width / 2, width / 2, TASK_WIDTH - width, TASK_HEIGHT - width, RADIUS - width / 2)
  context.stroke()
  if (look.optional) context.setLineDash([])
  if (selected) outline(context, palette.token('--accent'), Math.max(1, 1.5 * pixel))
}

/** Slanting lines at the card's right end, as in TaskCard.module.css: there is nothing to colour it by. */
export function hatch(context: CanvasRenderingContext2D, palette: Palette): void {
  context.save()
  roundRect(context, 0, 0, TASK_WIDTH, TASK_HEIGHT, RADIUS)
  context.clip()
  context.strokeStyle = palette.token('--hairline')
  context.lineWidth = 2
  context.beginPath()
  for (let x = -TASK_HEIGHT; x < TASK_WIDTH; x += HATCH_STEP) {
    context.moveTo(x, TASK_HEIGHT)
    context.lineTo(x + TASK_HEIGHT, 0)
  }
  context.stroke()
  context.restore()
}

function surfaceColor(palette: Palette, look: CardLook): string {
  if (look.ground !== null) return palette.token(look.ground)
  return palette.token(look.dimmed ? '--canvas' : '--surface')
}

export function borderColor(
  palette: Palette,
  look: Pick<CardLook, 'dimmed' | 'warm' | 'near' | 'state'>,
  selected: boolean,
): string {
  if (look.dimmed) return palette.token('--hairline')
  if (look.warm) return palette.token('--critical')
  if (look.near) return palette.color(NEAR_COLOR)
  if (selected) return palette.token('--accent')
  if (look.state === 'running' || look.state === 'retrying' || look.state === 'failed') {
    return palette.token(`--state-${look.state}`)
  }
  return palette.token('--border')
}

/** Near and middle: two lines and, near, the bar. */
function paintText(paint: CardPaint, look: CardLook): void {
  const { context, palette, level } = paint
  const near = level === 'near'
  const first = near ? 22 : 23
  const second = near ? 44 : 51
  paintKind(paint, look, first - 8)
  let right = RIGHT
  if (look.problems > 0) {
    right -= 13
    context.strokeStyle = palette.token(look.worst === 'error' ? '--danger' : '--warning')
    strokeIcon(context, TriangleAlert, right, first - 6.5, 13, 2)
    right -= 6
  }
  const { handler, objective } = look.badges
  const signs = [
    look.mapped && { icon: Layers, token: '--text-3' },
    look.pinned && { icon: Pin, token: '--text-3' },
    objective && { icon: AlarmClock, token: objective.token },
    handler && { icon: handlerIcon(handler), token: '--text-3' },
  ]
  for (const sign of signs) {
    if (!sign) continue
    right -= 13
    context.strokeStyle = palette.token(sign.token)
    strokeIcon(context, sign.icon, right, first - 6.5, 13, 2)
    right -= 6
  }
  const size = near ? (look.long ? 12 : 13) : look.long ? 14 : 17
  context.fillStyle = nameColor(palette, look)
  setFont(context, look.dimmed ? 450 : 550, size, look.long ? -0.02 : -0.008)
  context.fillText(fitted(context, look.name, right - 35), 35, baseline(first, size))
  const end = paintDuration(paint, look, RIGHT, second, near ? 12 : 16, near)
  paintWords(paint, look, second, near ? 12 : 16, end - (near ? 8 : 6))
  if (near) paintBar(paint, look)
}

function paintKind({ context, palette }: CardPaint, look: CardLook, top: number): void {
  const { icon, letters } = KIND_STYLES[look.kind]
  if (icon) {
    context.strokeStyle = palette.token('--text-2')
    strokeIcon(context, icon, LEFT, top, 16, 1.75)
    return
  }
  context.fillStyle = palette.token('--text-2')
  setFont(context, 700, 16 * 0.62, -0.04)
  context.textAlign = 'center'
  context.fillText(letters ?? '', LEFT + 8, baseline(top + 8, 16 * 0.62))
  context.textAlign = 'left'
}

/** Right-aligned; returns where it begins. */
function paintDuration(
  { context, palette }: CardPaint,
  look: CardLook,
  right: number,
  middle: number,
  size: number,
  both: boolean,
): number {
  const usual = look.now === null || both ? look.usual : null
  setFont(context, 400, size, 0)
  const own = look.ground === null ? null : palette.token('--heat-text')
  const y = baseline(middle, size)
  let x = right
  const put = (text: string, color: string) => {
    x -= context.measureText(text).width
    context.fillStyle = own ?? color
    context.fillText(text, x, y)
  }
  if (usual !== null) put(usual, palette.token('--text-2'))
  if (usual !== null && look.now !== null) put(look.between, palette.token('--text-3'))
  if (look.now !== null) put(look.now, palette.token('--text'))
  return x
}

function paintWords(paint: CardPaint, look: CardLook, middle: number, size: number, right: number): void {
  const { context, palette } = paint
  const own = look.ground === null ? null : palette.token('--heat-text')
  const { words } = look
  const y = baseline(middle, size)
  if (words.type !== 'state') {
    setFont(context, words.type === 'critical' ? 550 : 400, size, 0)
    context.fillStyle = own ?? palette.token(words.type === 'critical' ? '--critical' : '--text-2')
    context.fillText(fitted(context, words.text, right - LEFT), LEFT, y)
    return
  }
  context.strokeStyle = palette.token(`--state-${words.state}`)
  strokeIcon(context, STATE_STYLES[words.state].icon, LEFT, middle - 6.5, 13, 2.25)
  setFont(context, 400, size, 0)
  context.fillStyle = own ?? palette.token('--text-2')
  const gap = paint.level === 'middle' ? 3 : 5
  const label = LEFT + 13 + gap
  const text = fitted(context, words.text, right - label)
  context.fillText(text, label, y)
  let begin = label + context.measureText(text).width + gap
  if (words.origin !== null && right - begin > 30) {
    const { icon, label } = ORIGIN_STYLES[words.origin]
    context.strokeStyle = own ?? palette.token('--text-2')
    strokeIcon(context, icon, begin, middle - 6, 12, 2)
    const said = fitted(context, label, right - begin - 15)
    context.fillText(said, begin + 15, y)
    begin += 15 + context.measureText(said).width + gap
  }
  if (words.detail === '' || right - begin < 16) return
  context.fillStyle = own ?? palette.token('--text-3')
  context.fillText(fitted(context, words.detail, right - begin), begin, y)
}

function paintBar({ context, palette }: CardPaint, look: CardLook): void {
  if (look.share === null) return
  const width = TASK_WIDTH - 24
  context.fillStyle = palette.color('color-mix(in srgb, var(--bar) 45%, transparent)')
  roundRect(context, 13, 60, width, 3, 1.5)
  context.fill()
  if (look.share > 0) {
    context.fillStyle = palette.token(barToken(look))
    roundRect(context, 13, 60, Math.max(2, width * look.share), 3, 1.5)
    context.fill()
  }
  if (look.tick !== null) {
    context.fillStyle = palette.token('--text-3')
    context.fillRect(13 + width * look.tick, 58, 2, 7)
  }
}

function barToken(look: CardLook): string {
  if (look.dimmed) return '--bar'
  if (look.warm) return '--critical'
  if (look.state === 'running' || look.state === 'failed') return `--state-${look.state}`
  return '--bar-typical'
}

/** Far: the name on up to two lines, and what the lens is about. */
function paintFarText(paint: CardPaint, look: CardLook): void {
  const { context, palette } = paint
  const took = look.lens === 'state' && look.now !== null
  const told = look.ground !== null || look.hatched
  const withLine = look.lens === 'critical' || took || told
  const size = withLine ? 21 : 23
  const line = withLine ? 22 : 26
  const icon = look.lens === 'critical' || told ? null : look.state
  let right = RIGHT
  if (look.badges.objective !== null) right -= 19
  if (look.problems > 0) right -= 19
  if (icon !== null && !took) right -= 32
  context.fillStyle = nameColor(palette, look)
  setFont(context, look.dimmed ? 450 : 600, size, look.long ? -0.02 : -0.008)
  const lines = twoLines(context, look.name, right - LEFT)
  const height = Math.max(lines.length * line, icon !== null && !took ? 26 : 0)
  const top = (TASK_HEIGHT - height - (withLine ? 22 : 0)) / 2
  const firstLine = top + (height - lines.length * line) / 2 + line / 2
  for (const [index, text] of lines.entries()) context.fillText(text, LEFT, baseline(firstLine + index * line, size))
  paintFarIcons(paint, look, right, top + height / 2, icon !== null && !took ? icon : null)
  const second = top + height + 11
  if (took) {
    setFont(context, 400, 20, 0)
    context.fillStyle = palette.token('--text-2')
    context.fillText(look.now ?? '', LEFT, baseline(second, 20))
    context.strokeStyle = palette.token(`--state-${look.state}`)
    strokeIcon(context, STATE_STYLES[look.state!].icon, TASK_WIDTH - 10 - 26, TASK_HEIGHT - 10 - 26, 26, 2.25)
  } else if (withLine) paintWords(paint, look, second, 20, RIGHT)
}

function paintFarIcons(
  { context, palette }: CardPaint,
  look: CardLook,
  right: number,
  middle: number,
  state: CardLook['state'],
): void {
  let x = right + 6
  const { objective } = look.badges
  if (objective !== null) {
    context.strokeStyle = palette.token(objective.token)
    strokeIcon(context, AlarmClock, x, middle - 6.5, 13, 2)
    x += 19
  }
  if (look.problems > 0) {
    context.strokeStyle = palette.token(look.worst === 'error' ? '--danger' : '--warning')
    strokeIcon(context, TriangleAlert, x, middle - 6.5, 13, 2)
    x += 19
  }
  if (state !== null) {
    context.strokeStyle = palette.token(`--state-${state}`)
    strokeIcon(context, STATE_STYLES[state].icon, x, middle - 13, 26, 2.25)
  }
}

function nameColor(palette: Palette, look: CardLook): string {
  return palette.token(look.ground !== null ? '--heat-text' : look.dimmed ? '--text-2' : '--text')
}

/** Of a line of text round a middle: Inter's ascent and descent are 0.96875 and 0.2412 of its size. */
export function baseline(middle: number, size: number): number {
  return middle + ((0.96875 - 0.2412) / 2) * size
}

function box(context: CanvasRenderingContext2D, color: string, x: number, y: number, width: number, height: number) {
  context.fillStyle = color
  roundRect(context, x, y, width, height, RADIUS)
  context.fill()
}

/** Just outside the card. */
function outline(context: CanvasRenderingContext2D, color: string, width: number): void {
  context.strokeStyle = color
  context.lineWidth = width
  roundRect(context, -width / 2, -width / 2, TASK_WIDTH + width, TASK_HEIGHT + width, RADIUS + width / 2)
  context.stroke()
}

export function roundRect(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  context.beginPath()
  context.roundRect(x, y, width, height, radius)
}
