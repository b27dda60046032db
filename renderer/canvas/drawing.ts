import type { Group, Note, Pipeline, Task } from '#shared/model/pipeline.ts'
import { middleEllipsis } from './cardText.ts'
import { ARROW, arrowOf, DOT, DOT_STEP, ownCurve } from './chain.ts'
import { type Box, boundsOf, groupBox, groupDepth, type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import { noteLines } from './noteText.ts'
import { CURVE_NUMBERS, curveBetween, curvePoint } from './paint/curve.ts'
import { CONDITION_DASH } from './paint/edges.ts'

/**
 * The whole graph as SVG, drawn from the model: what is off screen or collapsed is in it, too. Pure; colours and what
 * the lens says come with the input.
 */
export interface DrawingInput {
  readonly pipeline: Pipeline
  readonly positions: ReadonlyMap<string, Point>
  readonly direction: 'LR' | 'TB'
  readonly edgeStyle: 'curved' | 'straight'
  readonly colors: DrawingColors
  readonly cardOf: (task: Task) => CardWords
  /** How a dependency is drawn that stands out; null: as all are. */
  readonly lineOf: (from: string, to: string) => DrawnLine | null
  /** Of the realized path, where the lens shows it: its links that are no dependencies. */
  readonly links: readonly DrawnLink[]
  readonly groupColor: (group: Group) => string
  readonly layerColor: (task: Task) => string
}

/** A line that stands out. Widths and dashes in canvas pixels. */
export interface DrawnLine {
  readonly color: string
  readonly width: number
  readonly dash: readonly number[]
}

/** A link of the realized path, by the ids of its tasks. */
export interface DrawnLink {
  readonly from: string
  readonly to: string
  readonly name: string
}

export interface DrawingColors {
  readonly canvas: string
  readonly surface: string
  readonly border: string
  readonly text: string
  readonly text2: string
  readonly edge: string
  readonly critical: string
  readonly bar: string
  readonly fill: string
  readonly note: string
}

export interface CardWords {
  readonly kind: string
  /** Under the name: the kind, the state or the float. */
  readonly words: string
  /** Colour of the dot before the words; null: none. */
  readonly dot: string | null
  readonly duration: string
  /** 0 to 1 of the longest task. */
  readonly share: number
  readonly critical: boolean
  /** Another colour of its border; null: as all have. */
  readonly border: string | null
  /** The heat lens; null: the plain surface. */
  readonly background: string | null
}

export interface Drawn {
  readonly svg: string
  /** Canvas pixels. */
  readonly width: number
  readonly height: number
}

const MARGIN = 32
const LONG_NAME = 24
const ROOM_FOR_KIND = 18
const FONT = "'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

export function drawPipeline(input: DrawingInput): Drawn {
  const { pipeline, positions, colors } = input
  const frames = pipeline.groups
    .flatMap((group) => {
      const box = groupBox(pipeline.groups, group.id, positions)
      return box ? [{ group, box, depth: groupDepth(pipeline.groups, group.id) }] : []
    })
    .sort((a, b) => a.depth - b.depth)
  const bounds = boundsOf([
    ...[...positions.values()].map(taskBox),
    ...frames.map(({ box }) => box),
    ...pipeline.notes.map(noteBox),
  ]) ?? { x: 0, y: 0, width: TASK_WIDTH, height: TASK_HEIGHT }
  const width = Math.ceil(bounds.width + 2 * MARGIN)
  const height = Math.ceil(bounds.height + 2 * MARGIN)
  const parts = [
    ...frames.map(({ group, box }) => frameOf(group, box, input)),
    ...edgesOf(input),
    ...pipeline.notes.map((note) => noteOf(note, colors)),
    ...pipeline.tasks.flatMap((task) => {
      const at = positions.get(task.id)
      return at ? [cardOf(task, at, input)] : []
    }),
    ...linksOf(input),
  ]
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${round(bounds.x - MARGIN)} ${round(bounds.y - MARGIN)} ${width} ${height}" font-family="${FONT}" font-size="13">`,
    `<title>${escapeXml(pipeline.name)}</title>`,
    `<rect x="${round(bounds.x - MARGIN)}" y="${round(bounds.y - MARGIN)}" width="${width}" height="${height}" fill="${colors.canvas}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
  return { svg, width, height }
}

function taskBox([x, y]: Point): Box {
  return { x, y, width: TASK_WIDTH, height: TASK_HEIGHT }
}

function noteBox({ at: [x, y], size: [width, height] }: Note): Box {
  return { x, y, width, height }
}

function frameOf(group: Group, box: Box, { groupColor, colors }: DrawingInput): string {
  const color = groupColor(group)
  return [
    `<rect ${boxOf(box)} rx="12" fill="${color}" fill-opacity="0.06" stroke="${color}" stroke-opacity="0.5"/>`,
    `<text x="${round(box.x + 12)}" y="${round(box.y + 20)}" font-size="12" font-weight="600" fill="${colors.text2}">${escapeXml(group.name)}</text>`,
  ].join('')
}

function edgesOf({ pipeline, positions, colors, direction, edgeStyle, lineOf }: DrawingInput): readonly string[] {
  const plain: string[] = []
  const standingOut: string[] = []
  for (const task of pipeline.tasks) {
    const to = positions.get(task.id)
    if (!to) continue
    for (const need of task.needs) {
      const from = positions.get(need.task)
      if (!from) continue
      const own = lineOf(need.task, task.id)
      const dashes = own && own.dash.length > 0 ? own.dash : need.when === null ? [] : CONDITION_DASH
      const dash = dashes.length === 0 ? '' : ` stroke-dasharray="${dashes.join(' ')}"`
      const line = `<path d="${pathOf(from, to, direction, edgeStyle)}" fill="none" stroke="${own?.color ?? colors.edge}" stroke-width="${own?.width ?? 1.5}"${dash}/>`
      if (own) standingOut.push(line)
      else plain.push(line)
    }
  }
  return [...plain, ...standingOut]
}

/** Over the cards, as on the canvas from afar: links that are no dependencies, dotted, with an arrow and their cause. */
function linksOf({ links, positions, direction, colors }: DrawingInput): readonly string[] {
  const lines: string[] = []
  const labels: string[] = []
  for (const { from, to, name } of links) {
    const [begin, end] = [positions.get(from), positions.get(to)]
    if (!begin || !end) continue
    const curve = ownCurve(direction, begin, end)
    const arrow = arrowOf(curve, ARROW).map((point) => point.map(round).join(','))
    lines.push(
      `<path d="${curvePath(curve)}" fill="none" stroke="${colors.critical}" stroke-width="${DOT}" stroke-linecap="round" stroke-dasharray="0 ${DOT_STEP}"/>`,
      `<polygon points="${arrow.join(' ')}" fill="${colors.critical}"/>`,
    )
    labels.push(labelOf(name, curvePoint(curve, 0.5), colors))
  }
  return [...lines, ...labels]
}

/** Mean width of a letter of 11 pixels. */
const LABEL_LETTER = 6
const LABEL_HEIGHT = 18

function labelOf(name: string, [x, y]: Point, colors: DrawingColors): string {
  const width = name.length * LABEL_LETTER + 12
  const box = boxOf({ x: x - width / 2, y: y - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT })
  return [
    `<rect ${box} rx="${LABEL_HEIGHT / 2}" fill="${colors.surface}" stroke="${colors.critical}"/>`,
    `<text x="${round(x)}" y="${round(y + 4)}" font-size="11" text-anchor="middle" fill="${colors.critical}">${escapeXml(name)}</text>`,
  ].join('')
}

/** The same line as on the canvas. */
function pathOf(from: Point, to: Point, direction: 'LR' | 'TB', style: 'curved' | 'straight'): string {
  const curve = new Float64Array(CURVE_NUMBERS)
  curveBetween(from, to, direction, style, curve)
  return curvePath(curve, style)
}

function curvePath(curve: Float64Array, style: 'curved' | 'straight' = 'curved'): string {
  const [sx, sy, ...rest] = [...curve].map(round)
  const [tx, ty] = rest.slice(-2)
  return style === 'straight' ? `M${sx} ${sy}L${tx} ${ty}` : `M${sx} ${sy}C${rest.join(' ')}`
}

function cardOf(task: Task, [x, y]: Point, { colors, cardOf: words, layerColor }: DrawingInput): string {
  const card = words(task)
  const tint = layerColor(task)
  const textX = card.dot === null ? 12 : 24
  const name = middleEllipsis(task.name)
  // Whoever opens the image may not have the font: a long name is kept inside its card, and the kind out of its way.
  const fitted = name.length > LONG_NAME ? ` textLength="${TASK_WIDTH - 22}" lengthAdjust="spacingAndGlyphs"` : ''
  return [
    `<g transform="translate(${round(x)} ${round(y)})">`,
    `<rect width="${TASK_WIDTH}" height="${TASK_HEIGHT}" rx="8" fill="${card.background ?? colors.surface}" stroke="${card.border ?? colors.border}"${task.required ? '' : ' stroke-dasharray="4 3"'}/>`,
    tint === 'transparent' ? '' : `<rect x="4" y="8" width="3" height="${TASK_HEIGHT - 16}" rx="1.5" fill="${tint}"/>`,
    `<text x="12" y="27" font-weight="600" fill="${colors.text}"${fitted}>${escapeXml(name)}</text>`,
    name.length > ROOM_FOR_KIND
      ? ''
      : `<text x="${TASK_WIDTH - 10}" y="27" font-size="11" text-anchor="end" fill="${colors.text2}">${escapeXml(card.kind)}</text>`,
    card.dot === null ? '' : `<circle cx="16" cy="44" r="4" fill="${card.dot}"/>`,
    `<text x="${textX}" y="48" font-size="12" fill="${card.critical ? colors.critical : colors.text2}">${escapeXml(card.words)}</text>`,
    `<text x="${TASK_WIDTH - 10}" y="48" font-size="12" text-anchor="end" fill="${colors.text2}">${escapeXml(card.duration)}</text>`,
    `<rect x="12" y="61" width="${TASK_WIDTH - 22}" height="3" rx="1.5" fill="${colors.bar}" fill-opacity="0.45"/>`,
    card.share > 0
      ? `<rect x="12" y="61" width="${round(Math.max(2, (TASK_WIDTH - 22) * Math.min(1, card.share)))}" height="3" rx="1.5" fill="${card.critical ? colors.critical : colors.fill}"/>`
      : '',
    '</g>',
  ].join('')
}

/** Plain text: an SVG must not hold HTML to be drawn everywhere. */
function noteOf(note: Note, colors: DrawingColors): string {
  const box = noteBox(note)
  const lines = wrap(noteLines(note.text), Math.floor((box.width - 24) / 6.6)).slice(
    0,
    Math.max(1, Math.floor((box.height - 12) / 18)),
  )
  return [
    `<rect ${boxOf(box)} rx="6" fill="${colors.note}" fill-opacity="0.12" stroke="${colors.note}" stroke-opacity="0.4"/>`,
    ...lines.map(
      (line, index) =>
        `<text x="${round(box.x + 12)}" y="${round(box.y + 22 + index * 18)}" fill="${colors.text}">${escapeXml(line)}</text>`,
    ),
  ].join('')
}

function wrap(paragraphs: readonly string[], length: number): readonly string[] {
  return paragraphs.flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + word.length + 1 > length) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}

function boxOf({ x, y, width, height }: Box): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Characters that XML does not allow at all are left out. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
}
