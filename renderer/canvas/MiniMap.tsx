import { Panel, useReactFlow, useStoreApi } from '@xyflow/react'
import { type PointerEvent, useEffect, useRef, type WheelEvent } from 'react'
import { useRuns } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { untilBeat } from '../ui/beat.ts'
import styles from './MiniMap.module.css'
import { contextOf } from './paint/layer.ts'
import { mapPlace, paintMap } from './paint/map.ts'
import { createPalette } from './paint/palette.ts'
import type { Scene } from './paint/scene.ts'

const WIDTH = 176
const HEIGHT = 112
/** Painting the whole map more often shows nothing more. */
const PAUSE_MS = 120
/** The same of a live run: a map is looked at to find one's way. */
const LIVE_PAUSE_MS = 1000
/** For so long it gives way to what is painted large. */
const MOST_LATE_MS = 400
/** Zoom by the wheel: pixels of its turn that double it. */
const DOUBLING = 250

/** Everything, small, and what part of it is in view; a press goes there, a drag moves along, the wheel zooms. */
export function MiniMap({ scene }: { readonly scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const flow = useReactFlow()
  const store = useStoreApi()
  const theme = useView((state) => state.theme)
  const { graph, moving, selection, lens, words, run, plan, criticalTasks, nearTasks } = scene
  const { bounds } = graph
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides the colours
  useEffect(() => {
    const element = canvas.current
    if (!element || !bounds) return
    const ratio = window.devicePixelRatio
    const place = mapPlace(bounds, WIDTH, HEIGHT)
    let timer: ReturnType<typeof setTimeout> | undefined
    let idle = 0
    const paint = () => {
      timer = undefined
      if (element.width !== WIDTH * ratio) [element.width, element.height] = [WIDTH * ratio, HEIGHT * ratio]
      const shown = { graph, moving, selection, lens, words, run, plan, criticalTasks, nearTasks }
      paintMap(contextOf(element), shown, createPalette(element), place, ratio)
    }
    const later = (pause: number) => {
      timer ??= setTimeout(() => {
        idle = requestIdleCallback(paint, { timeout: MOST_LATE_MS })
      }, pause)
    }
    const follow = () => {
      const { transform, width, height } = store.getState()
      const [x, y, zoom] = transform
      const scale = place.scale / zoom
      if (!frame.current) return
      const { style } = frame.current
      style.width = `${width * scale}px`
      style.height = `${height * scale}px`
      style.transform = `translate(${(-x / zoom - place.x) * place.scale}px, ${(-y / zoom - place.y) * place.scale}px)`
    }
    const stops = [
      store.subscribe(follow),
      useRuns.subscribe((state, before) => state.version !== before.version && later(untilBeat(LIVE_PAUSE_MS))),
    ]
    later(PAUSE_MS)
    follow()
    return () => {
      clearTimeout(timer)
      cancelIdleCallback(idle)
      for (const stop of stops) stop()
    }
  }, [graph, moving, selection, lens, words, run, plan, criticalTasks, nearTasks, bounds, store, theme])
  if (!bounds) return null
  const goTo = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.getBoundingClientRect()
    const place = mapPlace(bounds, WIDTH, HEIGHT)
    const x = place.x + (event.clientX - box.left) / place.scale
    const y = place.y + (event.clientY - box.top) / place.scale
    void flow.setCenter(x, y, { zoom: flow.getZoom(), duration: 0 })
  }
  const zoom = (event: WheelEvent) => void flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY / DOUBLING))
  return (
    <Panel position="bottom-right" className={styles.panel ?? ''}>
      <div
        className={`${styles.map} nopan nowheel`}
        data-map-of-all
        onPointerDown={goTo}
        onPointerMove={goTo}
        onWheel={zoom}
      >
        <canvas ref={canvas} className={styles.canvas} role="img" aria-label="Map of the whole pipeline" />
        <div ref={frame} className={styles.view} />
      </div>
    </Panel>
  )
}
