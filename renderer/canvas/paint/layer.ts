import type { Box } from '../geometry.ts'
import { forgetFont } from './text.ts'

/** Screen = canvas × zoom + (x, y), in CSS pixels from the stage's corner. */
export interface View {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** Of the stage, in CSS pixels; `ratio`: pixels of the device to one of CSS. */
export interface Screen {
  readonly width: number
  readonly height: number
  readonly ratio: number
}

export interface Target {
  readonly context: CanvasRenderingContext2D
  readonly view: View
  /** What is to be painted, in canvas pixels. */
  readonly window: Box
  readonly ratio: number
  /** Puts the context's origin at a point of the canvas. */
  moveTo(x: number, y: number): void
}

/** Paints a target in small steps, so that a frame need not wait for all of them. */
export type Painting = (target: Target) => Generator<void, void, void>

export interface Sheet {
  readonly canvas: HTMLCanvasElement
  readonly context: CanvasRenderingContext2D
}

/** What a sheet holds. */
interface Picture {
  readonly target: Target
  readonly margin: number
  readonly screen: Screen
}

interface Job extends Picture {
  readonly steps: Generator<void, void, void>
  frames: number
}

/** Painted beyond the stage's edges, in CSS pixels, while the view moves or painting is slow: so far it can be panned without painting. */
const MARGIN = 160
/** A picture is not shown larger or smaller than by this while the view moves, if a frame is enough to make it anew. */
const MOST_SCALED = 1.5

/** done: what is shown is what the view asks for; waits: for the view to rest; works: the next frame paints on. */
export type Progress = 'done' | 'waits' | 'works'

/**
 * A picture of which a part takes longer than a frame. Two sheets: one is seen, moved and scaled along with the view;
 * on the other the next picture is made, some milliseconds in each frame, once the view rests or leaves what is shown.
 */
export class Layer {
  readonly #painting: Painting
  #front: Sheet
  #back: Sheet
  /** What the front holds; null: nothing. */
  #shown: Picture | null = null
  #job: Job | null = null
  #stale = true
  /** The last picture took more than one frame. */
  #slow = false
  #patches: ((target: Target) => void)[] = []

  constructor(host: HTMLElement, painting: Painting) {
    this.#painting = painting
    this.#front = createSheet(host)
    this.#back = createSheet(host)
  }

  /** What is shown is no longer right. */
  invalidate(): void {
    this.#stale = true
  }

  /** All of it will be painted anew. */
  isStale(): boolean {
    return this.#stale
  }

  /** Nothing was painted yet. */
  isBlank(): boolean {
    return this.#shown === null
  }

  /** Does what is shown hold all of the view? */
  covers(view: View, screen: Screen): boolean {
    if (!this.#shown) return false
    const { target, margin } = this.#shown
    const scale = view.zoom / target.view.zoom
    const left = view.x - (target.view.x + margin) * scale
    const top = view.y - (target.view.y + margin) * scale
    const right = left + (this.#shown.screen.width + 2 * margin) * scale
    const bottom = top + (this.#shown.screen.height + 2 * margin) * scale
    return left <= 0.5 && top <= 0.5 && right >= screen.width - 0.5 && bottom >= screen.height - 0.5
  }

  /** Paints over a part of what is shown, and of what is under way once it is done. */
  patch(paint: (target: Target) => void): void {
    if (this.#job) this.#patches.push(paint)
    if (this.#shown) paint(this.#shown.target)
  }

  /**
   * One frame: paints for at most about `budget` milliseconds. While the view is `moving` a picture is kept as long as
   * it covers the view and is not scaled by much.
   */
  frame(view: View, screen: Screen, budget: number, moving: boolean): Progress {
    const end = performance.now() + budget
    const wanted = this.#wants(view, screen)
    const waits = wanted && moving && this.#serves(view, screen)
    if (!this.#job && wanted && !waits) this.#begin(view, screen, moving)
    if (this.#job && this.#work(end) && this.#stale) this.#begin(view, screen, moving)
    this.#place(view)
    if (this.#job || this.#stale) return 'works'
    if (!this.#wants(view, screen)) return 'done'
    return waits ? 'waits' : 'works'
  }

  dispose(): void {
    this.#front.canvas.remove()
    this.#back.canvas.remove()
  }

  #wants(view: View, screen: Screen): boolean {
    if (this.#stale || !this.#shown) return true
    const { target, screen: before } = this.#shown
    if (before.width !== screen.width || before.height !== screen.height || before.ratio !== screen.ratio) return true
    if (target.view.zoom !== view.zoom || !this.covers(view, screen)) return true
    const [right, down] = [view.x - target.view.x, view.y - target.view.y].map((way) => way * screen.ratio)
    return !this.#slow && !(isWhole(right!) && isWhole(down!))
  }

  /** Is what is shown good enough while the view moves? */
  #serves(view: View, screen: Screen): boolean {
    if (this.#stale || !this.#shown || !this.covers(view, screen)) return false
    const scale = view.zoom / this.#shown.target.view.zoom
    return this.#slow || (scale < MOST_SCALED && scale > 1 / MOST_SCALED)
  }

  #begin(view: View, screen: Screen, moving: boolean): void {
    const margin = this.#slow || moving ? MARGIN : 0
    const target = targetOf(this.#back, view, screen, margin)
    this.#stale = false
    this.#patches = []
    this.#job = { target, margin, screen, steps: this.#painting(target), frames: 0 }
  }

  /** True when the picture is done. */
  #work(end: number): boolean {
    const job = this.#job
    if (!job) return false
    job.frames++
    for (let step = job.steps.next(); !step.done; step = job.steps.next()) {
      if (performance.now() > end) return false
    }
    this.#slow = job.frames > 1
    for (const patch of this.#patches) patch(job.target)
    this.#patches = []
    this.#job = null
    this.#shown = job
    ;[this.#front, this.#back] = [this.#back, this.#front]
    this.#front.canvas.style.visibility = 'visible'
    this.#back.canvas.style.visibility = 'hidden'
    return true
  }

  #place(view: View): void {
    if (!this.#shown) return
    const { target, margin } = this.#shown
    const scale = view.zoom / target.view.zoom
    const x = view.x - (target.view.x + margin) * scale
    const y = view.y - (target.view.y + margin) * scale
    const transform = `translate(${x}px, ${y}px) scale(${scale})`
    const { style } = this.#front.canvas
    if (style.transform !== transform) style.transform = transform
  }
}

/** A picture moved by whole pixels of the device is as sharp as one painted there. */
function isWhole(distance: number): boolean {
  return Math.abs(distance - Math.round(distance)) < 0.01
}

function createSheet(host: HTMLElement): Sheet {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  canvas.style.cssText = 'position:absolute;top:0;left:0;transform-origin:0 0;visibility:hidden'
  host.append(canvas)
  return { canvas, context: contextOf(canvas) }
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser has no 2D canvas.')
  return context
}

/** A cleared sheet of the screen's size and its margin, with the view's transform. */
function targetOf(sheet: Sheet, view: View, { width, height, ratio }: Screen, margin: number): Target {
  const area = { x: -margin, y: -margin, width: width + 2 * margin, height: height + 2 * margin }
  return targetAt(sheet, view, area, ratio)
}

/** A cleared sheet of a part of the stage (`area`, in CSS pixels from its corner), with the view's transform. */
export function targetAt({ canvas, context }: Sheet, view: View, area: Box, ratio: number): Target {
  const width = Math.max(1, Math.round(area.width * ratio))
  const height = Math.max(1, Math.round(area.height * ratio))
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
    canvas.style.width = `${width / ratio}px`
    canvas.style.height = `${height / ratio}px`
    forgetFont(context)
  } else {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
  }
  const scale = view.zoom * ratio
  const left = (view.x - area.x) * ratio
  const top = (view.y - area.y) * ratio
  const moveTo = (x: number, y: number) => context.setTransform(scale, 0, 0, scale, left + x * scale, top + y * scale)
  moveTo(0, 0)
  const window = {
    x: -left / scale,
    y: -top / scale,
    width: width / scale,
    height: height / scale,
  }
  return { context, view, window, ratio, moveTo }
}

/** Paints a piece of a picture anew, and nothing beside it; `piece` in canvas pixels. */
export function repaintPiece(target: Target, piece: Box, painting: Painting): void {
  const { context, view, ratio, window } = target
  const scale = view.zoom * ratio
  const left = Math.floor((piece.x - window.x) * scale)
  const top = Math.floor((piece.y - window.y) * scale)
  const width = Math.ceil((piece.x + piece.width - window.x) * scale) - left
  const height = Math.ceil((piece.y + piece.height - window.y) * scale) - top
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  context.clearRect(left, top, width, height)
  target.moveTo(0, 0)
  const part = { x: window.x + left / scale, y: window.y + top / scale, width: width / scale, height: height / scale }
  const steps = painting({ ...target, window: part })
  while (!steps.next().done);
  context.restore()
  forgetFont(context)
}
