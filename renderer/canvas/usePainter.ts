import { useStoreApi } from '@xyflow/react'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useRuns } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import type { Screen, View } from './paint/layer.ts'
import { Painter } from './paint/painter.ts'
import type { Scene } from './paint/scene.ts'

// Letters are asked for before there is a picture: one that comes in other letters first is painted twice.
void document.fonts.load('13px "Inter Variable"')

/** Connects a painter to what it draws, to React Flow's view and to the window; tells `onView` of each view, too. */
export function usePainter(
  host: RefObject<HTMLElement | null>,
  scene: Scene,
  onView: (view: View, screen: Screen) => void,
): void {
  const painter = useRef<Painter | null>(null)
  const first = useRef(scene)
  const told = useRef(onView)
  told.current = onView
  const flow = useStoreApi()
  const theme = useView((state) => state.theme)
  useLayoutEffect(() => {
    if (!host.current) return
    const own = new Painter(host.current, first.current)
    painter.current = own
    const restyle = () => own.restyle()
    let seen: readonly unknown[] = []
    const follow = () => {
      const { transform, width, height } = flow.getState()
      const ratio = window.devicePixelRatio
      const now = [...transform, width, height, ratio]
      if (width === 0 || now.every((value, index) => value === seen[index])) return
      seen = now
      const view = { x: transform[0], y: transform[1], zoom: transform[2] }
      const screen = { width, height, ratio }
      own.resize(screen)
      own.look(view)
      told.current(view, screen)
    }
    const stops = [
      flow.subscribe(follow),
      useRuns.subscribe((state, before) => state.version !== before.version && own.takeStates()),
      onPixelRatio(follow),
    ]
    document.fonts.addEventListener('loadingdone', restyle)
    follow()
    return () => {
      for (const stop of stops) stop()
      document.fonts.removeEventListener('loadingdone', restyle)
      own.dispose()
      painter.current = null
    }
  }, [host, flow])
  useLayoutEffect(() => {
    first.current = scene
    painter.current?.show(scene)
  }, [scene])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the tokens hold
  useEffect(() => painter.current?.restyle(), [theme])
}

/** Calls back when the window comes to a screen of other pixels, or is zoomed. Returns the way to stop. */
function onPixelRatio(call: () => void): () => void {
  let query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`)
  const changed = () => {
    query.removeEventListener('change', changed)
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`)
    query.addEventListener('change', changed)
    call()
  }
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}
