import type { ChainLink } from '#shared/analysis/chain-links.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { useAnalysis } from '../state/analysis.ts'
import { canvasViewOf } from '../state/canvasView.ts'
import { activeDocument } from '../state/documents.ts'
import { useRuns } from '../state/runs.ts'
import { edgeId } from '../state/selection.ts'
import { useVersions } from '../state/versions.ts'
import { RUNLESS, useView } from '../state/view.ts'
import { KIND_STYLES } from '../ui/kinds.ts'
import { STATE_STYLES } from '../ui/states.ts'
import { durationNow } from './cardText.ts'
import { linkName } from './chain.ts'
import { type CardWords, type DrawingColors, type Drawn, type DrawnLink, drawPipeline } from './drawing.ts'
import { knownPositions } from './geometry.ts'
import { withGhosts } from './ghosts.ts'
import { useLensWords } from './lensWords.ts'
import { NEAR_COLOR } from './paint/card.ts'
import { LINE_STYLES } from './paint/edges.ts'
import { createPalette } from './paint/palette.ts'
import { groupColor, layerColor } from './tint.ts'

/** The whole graph of the shown pipeline as SVG, by the present lens and theme. null while no pipeline is shown. */
export function canvasSvg(): Drawn | null {
  const document = activeDocument()
  if (!document?.pipeline) return null
  const { lens, settings } = useView.getState()
  const { found } = useVersions.getState()
  const diff = lens === 'diff' ? found : null
  const pipeline = diff ? withGhosts(document.pipeline, diff) : document.pipeline
  const changes = new Map(diff?.difference.edges.map(({ from, to, change }) => [edgeId(from, to), change]))
  const { criticalEdges, chain } = useAnalysis.getState()
  return drawPipeline({
    pipeline,
    positions: knownPositions(pipeline, canvasViewOf(document.path).placed),
    direction: settings.layoutDirection,
    edgeStyle: settings.edgeStyle,
    colors: themeColors(),
    cardOf: cardWords,
    lineOf: (from, to) => {
      const id = edgeId(from, to)
      const kind = lens === 'critical' && criticalEdges.has(id) ? 'critical' : changes.get(id)
      if (!kind) return null
      const { token: name, width, dash } = LINE_STYLES[kind]
      return { color: token(name), width, dash }
    },
    links: lens === 'critical' ? drawnLinks(chain, document.pipeline) : [],
    groupColor: (group) => hexColor(groupColor(group.color, group.id)),
    layerColor: (task) => (task.layer === '' ? layerColor(task.layer) : hexColor(layerColor(task.layer))),
  })
}

/** Links that are no dependencies of the pipeline as it is drawn; the others are its critical edges. */
function drawnLinks(chain: readonly ChainLink[] | null, { tasks }: Pipeline): readonly DrawnLink[] {
  const edges = new Set(tasks.flatMap((task) => task.needs.map((need) => edgeId(need.task, task.id))))
  return (chain ?? [])
    .filter(({ from, to, cause }) => cause !== 'dependency' || !edges.has(edgeId(from, to)))
    .map((link) => ({ from: link.from, to: link.to, name: linkName(link) }))
}

/** Browsers refuse larger canvases. */
const MOST_PIXELS = 16_384

/** The same as PNG, `scale` pixels for each canvas pixel; less where the image would get too large for the browser. */
export async function canvasPng(scale = 2): Promise<Blob | null> {
  const drawn = canvasSvg()
  if (!drawn) return null
  const fitting = Math.min(scale, MOST_PIXELS / drawn.width, MOST_PIXELS / drawn.height)
  const image = new Image()
  const address = URL.createObjectURL(new Blob([drawn.svg], { type: 'image/svg+xml' }))
  try {
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(drawn.width * fitting)
    canvas.height = Math.round(drawn.height * fitting)
    const context = canvas.getContext('2d')
    if (!context) return null
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
  } finally {
    URL.revokeObjectURL(address)
  }
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** A colour as every reader of SVG knows it: few know more than CSS had in 2011. */
function hexColor(css: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!context) return css
  context.fillStyle = css
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map((part) => (part ?? 0).toString(16).padStart(2, '0')).join('')}`
}

function themeColors(): DrawingColors {
  return {
    canvas: token('--canvas'),
    surface: token('--surface'),
    border: token('--border'),
    text: token('--text'),
    text2: token('--text-2'),
    edge: token('--edge'),
    critical: token('--critical'),
    bar: token('--bar'),
    fill: token('--bar-typical'),
    note: token('--state-retrying'),
  }
}

function cardWords(task: Task): CardWords {
  const { lens } = useView.getState()
  const analysis = useAnalysis.getState()
  const { view } = useRuns.getState()
  const run = RUNLESS.has(lens) ? undefined : view?.tasks.get(task.id)
  const plan = analysis.plan?.tasks[task.id]
  const typical = analysis.typical.get(task.id)
  const now = view && run ? durationNow(view, run) : null
  const time = now ?? (typical && typical.source !== 'default' ? typical.value : null)
  const told = useLensWords.getState().words?.get(task.id)
  const byState = lens === 'state' && run
  return {
    kind: KIND_STYLES[task.kind].label,
    words: told
      ? told.text
      : byState
        ? STATE_STYLES[run.state].label
        : RUNLESS.has(lens)
          ? task.layer
          : floatWords(plan),
    dot: byState ? token(`--state-${run.state}`) : null,
    duration: time === null ? '–' : durationText(time),
    share: time === null || analysis.longest === 0 ? 0 : time / analysis.longest,
    critical: lens === 'critical' && analysis.criticalTasks.has(task.id),
    border: lens === 'critical' ? borderOf(task.id) : null,
    background: told?.ground ? token(told.ground) : null,
  }
}

function borderOf(task: string): string | null {
  const { criticalTasks, nearTasks } = useAnalysis.getState()
  if (criticalTasks.has(task)) return token('--critical')
  return nearTasks.has(task) ? hexColor(createPalette(document.documentElement).color(NEAR_COLOR)) : null
}

function floatWords(plan: { readonly critical: boolean; readonly totalFloat: number } | undefined): string {
  if (!plan) return ''
  return plan.critical ? 'critical' : `+${durationText(plan.totalFloat)} float`
}
