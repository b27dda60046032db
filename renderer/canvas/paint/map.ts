import { type Box, TASK_HEIGHT, TASK_WIDTH } from '../geometry.ts'
import { groupColor, layerColor } from '../tint.ts'
import { blockColor } from './card.ts'
import type { Palette } from './palette.ts'
import { type BlockScene, blockOf, lookOfGroup, type Scene } from './scene.ts'

/** A small picture of everything: its size in CSS pixels, and what part of the canvas it shows. */
export interface MapPlace {
  readonly width: number
  readonly height: number
  /** Screen pixels to one of the canvas. */
  readonly scale: number
  /** Of the map's upper left corner, in canvas pixels. */
  readonly x: number
  readonly y: number
}

/** Screen pixels left free around everything. */
const PADDING = 6

export function mapPlace(bounds: Box, width: number, height: number): MapPlace {
  const scale = Math.min((width - 2 * PADDING) / bounds.width, (height - 2 * PADDING) / bounds.height)
  return {
    width,
    height,
    scale,
    x: bounds.x + bounds.width / 2 - width / 2 / scale,
    y: bounds.y + bounds.height / 2 - height / 2 / scale,
  }
}

/** What the map shows. */
type MapScene = BlockScene & Pick<Scene, 'graph' | 'moving' | 'selection'>

/** Cards as the blocks they are from afar, the selected ones ringed; open groups as their outlines. */
export function paintMap(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  palette: Palette,
  { width, height, scale, x, y }: MapPlace,
  ratio: number,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width * ratio, height * ratio)
  context.setTransform(scale * ratio, 0, 0, scale * ratio, -x * scale * ratio, -y * scale * ratio)
  context.lineWidth = 1 / scale
  for (const { group, box } of scene.graph.frames) {
    context.strokeStyle = palette.color(`color-mix(in srgb, ${groupColor(group.color, group.id)} 60%, transparent)`)
    context.strokeRect(box.x, box.y, box.width, box.height)
  }
  const byColor = new Map<string, Path2D>()
  const selected = new Path2D()
  const ring = 1.5 / scale
  // Seen at any scale: at least a pixel and a half each way.
  const [cardWidth, cardHeight] = [Math.max(TASK_WIDTH, 1.5 / scale), Math.max(TASK_HEIGHT, 1.5 / scale)]
  for (const card of scene.graph.cards) {
    const [left, top] = scene.moving.get(card.id) ?? card.at
    const look = card.task ? blockOf(scene, card.task) : lookOfGroup(scene, card.group, card.members)
    const color = blockColor(
      palette,
      look,
      card.task ? layerColor(card.task.layer) : groupColor(card.group.color, card.group.id),
    )
    const path = byColor.get(color) ?? new Path2D()
    byColor.set(color, path)
    path.rect(left, top, cardWidth, cardHeight)
    if (scene.selection.tasks.has(card.id)) {
      selected.rect(left - ring, top - ring, cardWidth + 2 * ring, cardHeight + 2 * ring)
    }
  }
  // Beneath the cards: their states stay to be seen.
  context.fillStyle = palette.token('--accent')
  context.fill(selected)
  for (const [color, path] of byColor) {
    context.fillStyle = color
    context.fill(path)
  }
}
