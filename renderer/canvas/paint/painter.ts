import { untilBeat } from '../../ui/beat.ts'
import { type Box, boundsOf } from '../geometry.ts'
import { paintChain } from './chain.ts'
import { cardPaint, createLooks, isLeftOut, paintGround, paintMoving, paintThing, paintThings } from './content.ts'
import { paintFrame, paintFrameHeader, paintNote } from './frame.ts'
import { cardBox, meets, noteBox } from './graph.ts'
import { contextOf, Layer, repaintPiece, type Screen, type Sheet, targetAt, type View } from './layer.ts'
import { levelOf } from './level.ts'
import { areaOfLines, type Line, paintLines, standingOut, untilMotion } from './overlay.ts'
import { createPalette, type Palette } from './palette.ts'
import { movedFrames, type Scene, sameKeys, sameMembers } from './scene.ts'
import { forgetTextWidths } from './text.ts'

/** Milliseconds of a frame for each layer: while the view moves, while it rests, while part of it shows nothing. */
const MOVING_BUDGET = 0.8
const RESTING_BUDGET = 6
const BLANK_BUDGET = 60
/** Views that follow each other in less than this are one movement. */
const MOVEMENT_MS = 150
/** What cards say depends on. */
const SAID: readonly (keyof Scene)[] = [
  'problems',
  'pins',
  'badges',
  'lens',
  'words',
  'run',
  'typical',
  'plan',
  'longest',
  'criticalTasks',
  'nearTasks',
]
/** And what they do as mere blocks, where these tell the states of tasks. */
const SAID_BY_BLOCKS: readonly (keyof Scene)[] = ['lens', 'words', 'run']
/** With more cards than this changed at once, as a replay that leaps does, all are painted anew, some in each frame. */
const MOST_PATCHED = 200
/** And with more blocks than this in the piece of the picture that changed. */
const MOST_BLOCKS = 8_000
/** As many cost as much as beginning a piece of the picture. */
const BLOCKS_FOR_A_PIECE = 8
/** Durations of running tasks are written anew this often. */
const TICK_MS = 250

/**
 * Draws the graph under React Flow's nodes: frames and plain edges, over them the lines that stand out and what is on
 * the move, over them the cards. Paints in animation frames, and only what changed. Tells by `data-drawn` on its host
 * whether what is seen is all there is to see.
 */
export class Painter {
  readonly #host: HTMLElement
  readonly #ground: Layer
  readonly #overlay: Sheet
  readonly #things: Layer
  #scene: Scene
  #view: View = { x: 0, y: 0, zoom: 1 }
  #screen: Screen = { width: 1, height: 1, ratio: 1 }
  #palette: Palette
  #looks: ReturnType<typeof createLooks>
  #movedFrames: ReadonlyMap<string, Box> = new Map()
  /** Version of each task's state that is painted, by number of its card. */
  #versions = new Int32Array(0)
  #running: ReadonlySet<string> = new Set()
  #lines: readonly Line[] = []
  #overlayStale = true
  #frame = 0
  /** A lens may bring a strip along, and with it another size: that is known in the next frame. */
  #isSizeOpen = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Until the overlay's lines look different by themselves. */
  #flow: ReturnType<typeof setTimeout> | undefined
  /** Until the view has come to rest. */
  #rest: ReturnType<typeof setTimeout> | undefined
  /** When the view last moved, and whether it had just moved then. */
  #movedAt = Number.NEGATIVE_INFINITY
  #inMovement = false

  constructor(host: HTMLElement, scene: Scene) {
    this.#host = host
    this.#scene = scene
    this.#palette = createPalette(host)
    this.#looks = createLooks(scene)
    this.#ground = new Layer(host, (target) => paintGround(target, this.#scene, this.#palette, this.#movedFrames))
    const canvas = document.createElement('canvas')
    canvas.width = 1
    canvas.height = 1
    canvas.style.cssText = 'position:absolute;top:0;left:0'
    host.append(canvas)
    this.#overlay = { canvas, context: contextOf(canvas) }
    this.#things = new Layer(host, (target) =>
      paintThings(target, this.#scene, this.#palette, this.#looks, this.#movedFrames),
    )
    this.#forgetStates()
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    clearTimeout(this.#flow)
    clearTimeout(this.#rest)
    this.#ground.dispose()
    this.#things.dispose()
    this.#overlay.canvas.remove()
  }

  show(scene: Scene): void {
    const before = this.#scene
    if (scene === before) return
    this.#scene = scene
    const changed = (...keys: (keyof Scene)[]) => keys.some((key) => scene[key] !== before[key])
    const lifted = !sameKeys(before.moving, scene.moving)
    const said = changed(...SAID)
    if (changed('moving', 'graph')) this.#movedFrames = movedFrames(scene.graph, scene.moving)
    const seen = this.#showsBlocks() ? changed(...SAID_BY_BLOCKS) : said
    const hidden = changed('mounted') && this.#view.zoom >= 0.2
    if (changed('graph', 'selection') || seen || lifted || hidden) this.#invalidate(this.#things)
    if (changed('graph') || said) this.#looks = createLooks(scene)
    if (changed('graph') || seen) {
      this.#forgetStates()
      this.takeStates()
    }
    const steppedBack = (scene.lens === 'critical') !== (before.lens === 'critical')
    if (changed('graph') || steppedBack || lifted || scene.selection.groups !== before.selection.groups) {
      this.#invalidate(this.#ground)
    }
    this.#isSizeOpen ||= changed('lens')
    this.#lines = standingOut(scene, this.#running)
    this.#overlayStale = true
    this.#request()
  }

  look(view: View): void {
    const now = performance.now()
    // The view is set several times before anything is seen.
    this.#inMovement = !this.#ground.isBlank() && now - this.#movedAt < MOVEMENT_MS
    this.#movedAt = now
    this.#view = view
    this.#overlayStale = true
    this.#request()
  }

  resize(screen: Screen): void {
    this.#screen = screen
    this.#overlayStale = true
    this.#request()
  }

  /** Colours or fonts are others than before. */
  restyle(): void {
    this.#palette = createPalette(this.#host)
    forgetTextWidths()
    this.#invalidate(this.#ground, this.#things)
    this.#overlayStale = true
    this.#request()
  }

  /** Paints the cards whose tasks have another state than when they were last painted. */
  takeStates(): void {
    const { graph, run, lens } = this.#scene
    const running = new Set<string>()
    const changed: number[] = []
    for (const card of graph.cards) {
      const { number } = card
      const own = card.task ? run?.tasks.get(card.id) : run
      const version = own?.version ?? -1
      if (card.task && own?.state === 'running') running.add(card.id)
      if (version === this.#versions[number]) continue
      this.#versions[number] = version
      changed.push(number)
    }
    if (!sameMembers(running, this.#running)) {
      this.#running = running
      this.#lines = standingOut(this.#scene, running)
      this.#overlayStale = true
      this.#tick()
      this.#request()
    }
    if (changed.length === 0 || lens === 'design') return
    for (const number of changed) this.#looks.forget(number)
    if (this.#things.isStale()) return
    if (levelOf(this.#view.zoom) === 'farther') this.#repaintBlocks(changed)
    else if (changed.length > MOST_PATCHED) this.#invalidate(this.#things)
    else this.#repaint(changed)
    this.#request()
  }

  #invalidate(...layers: readonly Layer[]): void {
    for (const layer of layers) layer.invalidate()
    this.#host.dataset.drawn = 'false'
  }

  #forgetStates(): void {
    this.#versions = new Int32Array(this.#scene.graph.cards.length).fill(-2)
  }

  /** From afar, and in a lens in which the plan and what is typical decide no task's colour. */
  #showsBlocks(): boolean {
    const { lens, graph } = this.#scene
    const groups = graph.cards.some(({ task }) => task === null)
    return levelOf(this.#view.zoom) === 'farther' && (lens === 'state' || lens === 'design') && !groups
  }

  /** Over what is shown: a card covers its own place. */
  #repaint(numbers: readonly number[]): void {
    const { cards } = this.#scene.graph
    this.#things.patch((target) => {
      const level = levelOf(target.view.zoom)
      for (const number of numbers) {
        const card = cards[number]!
        const box = cardBox(card.at)
        if (!meets(box, target.window) || isLeftOut(this.#scene, card, level)) continue
        // What shone through at its edges was of its state before.
        const edge = 1 / target.view.zoom
        target.context.clearRect(box.x - edge, box.y - edge, box.width + 2 * edge, box.height + 2 * edge)
        paintThing(target, this.#scene, this.#palette, this.#looks, number)
      }
    })
  }

  /** From afar blocks lie closer than a pixel, and each shines into its neighbours: pieces of the picture are made anew. */
  #repaintBlocks(numbers: readonly number[]): void {
    const { cards, cardGrid } = this.#scene.graph
    const boxes = numbers.map((number) => cardBox(cards[number]!.at))
    const whole = boundsOf(boxes)!
    let count = 0
    cardGrid.visit(whole, () => count++)
    const isScattered = count > BLOCKS_FOR_A_PIECE * numbers.length
    if (!isScattered && count > MOST_BLOCKS) {
      this.#things.invalidate()
      return
    }
    this.#things.patch((target) => {
      for (const piece of isScattered ? boxes : [whole]) {
        repaintPiece(target, piece, (part) =>
          paintThings(part, this.#scene, this.#palette, this.#looks, this.#movedFrames),
        )
      }
    })
  }

  /** The durations of running tasks grow. */
  #tick(): void {
    if (this.#timer !== undefined || this.#running.size === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const numbers = [...this.#running].flatMap((id) => this.#scene.graph.cardOf.get(id)?.number ?? [])
      for (const number of numbers) this.#looks.forget(number)
      if (this.#view.zoom >= 0.2 && this.#scene.lens !== 'design') this.#repaint(numbers)
      this.#tick()
    }, untilBeat(TICK_MS))
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now))
  }

  #draw(now: number): void {
    this.#frame = 0
    if (this.#isSizeOpen && !this.#ground.isBlank()) {
      this.#isSizeOpen = false
      this.#request()
      return
    }
    const moving = this.#inMovement && performance.now() - this.#movedAt < MOVEMENT_MS
    const blank = !this.#ground.covers(this.#view, this.#screen)
    const budget = moving ? MOVING_BUDGET : blank ? BLANK_BUDGET : RESTING_BUDGET
    // The cards first: edges between nothing say less than cards without edges.
    const things = this.#things.frame(this.#view, this.#screen, budget, moving)
    const ground = this.#ground.frame(this.#view, this.#screen, budget, moving)
    if (this.#overlayStale) this.#drawOverlay(now)
    const drawn = String(things === 'done' && ground === 'done')
    if (this.#host.dataset.drawn !== drawn) this.#host.dataset.drawn = drawn
    clearTimeout(this.#rest)
    if (things === 'works' || ground === 'works') this.#request()
    else if (drawn === 'false') {
      this.#rest = setTimeout(() => this.#request(), this.#movedAt + MOVEMENT_MS - performance.now())
    }
  }

  #drawOverlay(now: number): void {
    this.#overlayStale = false
    clearTimeout(this.#flow)
    const { style } = this.#overlay.canvas
    const { moving, graph, mounted, selection, chain } = this.#scene
    const { width, height, ratio } = this.#screen
    const isWide = moving.size > 0 || chain.length > 0
    const area = isWide
      ? { x: 0, y: 0, width, height }
      : areaOfLines(this.#scene, this.#lines, this.#view, this.#screen)
    style.visibility = area ? 'visible' : 'hidden'
    if (!area) return
    style.transform = `translate(${area.x}px, ${area.y}px)`
    const target = targetAt(this.#overlay, this.#view, area, ratio)
    const paint = cardPaint(target, this.#palette)
    for (const [id, box] of this.#movedFrames) {
      const frame = graph.frameOf.get(id)
      if (!frame) continue
      paintFrame(paint, frame.group, box, selection.groups.has(frame.group.id))
      if (!mounted.has(id)) paintFrameHeader(paint, { name: frame.group.name, count: frame.tasks.length }, box)
    }
    paintLines(target, this.#scene, this.#palette, this.#lines, now)
    if (moving.size === 0) paintChain(target, this.#palette, chain)
    paintMoving(target, this.#scene, this.#palette, this.#looks)
    for (const [id, [x, y]] of moving) {
      const placed = graph.noteOf.get(id)
      if (!placed || mounted.has(id)) continue
      paintNote(paint, placed.note, { ...noteBox(placed.note), x, y }, selection.notes.has(placed.note.id))
    }
    this.#flowOn()
  }

  /** Dashes flow, a refused cycle blinks. */
  #flowOn(): void {
    const step = untilMotion(this.#scene, this.#lines, this.#view.zoom)
    if (step === null) return
    this.#flow = setTimeout(
      () => {
        this.#overlayStale = true
        this.#request()
      },
      step === 0 ? 0 : untilBeat(step),
    )
  }
}
