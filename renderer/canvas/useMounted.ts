import { useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Box } from './geometry.ts'
import { type Graph, nodesIn } from './paint/graph.ts'
import type { Screen, View } from './paint/layer.ts'

/** Down to this zoom cards are worked with as they are; below it React draws them only where they are few. */
const NEAR_ZOOM = 0.48
/** So many nodes React draws at once; where more are in view, all of them are painted. */
const MOST_NEAR = 160
const MOST_FAR = 64
/** Added in one frame: each costs React some tenths of a millisecond. */
const IN_ONE_FRAME = 24
/** The view has come to rest when it did not move for this long. */
const REST_MS = 120
/** Share of the view's size beyond its edges that is mounted, too. */
const BEYOND = 0.2

export interface Mounted {
  /** Ids of the nodes that React draws. */
  readonly ids: ReadonlySet<string>
  /** The view moved; nodes come and go once it rests. */
  moved(view: View, screen: Screen): void
  /** Mounts what is under the pointer, at once: so that the press that follows meets a real node. */
  hover(id: string | null): void
}

const NOTHING: ReadonlySet<string> = new Set()

/**
 * Which nodes React draws: those in view where they are few, the one under the pointer, and those of `always`. All
 * others are painted and look the same. `held`: nothing may go while something is dragged or linked.
 */
export function useMounted(graph: Graph, always: readonly (string | null)[], held: () => boolean): Mounted {
  const [shown, setShown] = useState(NOTHING)
  const [hovered, setHovered] = useState<string | null>(null)
  const latest = useRef({ graph, held, shown, hovered })
  latest.current = { graph, held, shown, hovered }
  const made = useMemo(() => createFilling(() => latest.current, setShown, setHovered), [])
  useEffect(() => made.stop, [made])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another graph has other nodes in view
  useEffect(() => made.fill(), [made, graph])
  const key = always.join('\n\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what `always` holds
  const ids = useMemo(() => {
    const all = [...shown, hovered, ...always].filter((id) => id !== null)
    return new Set(all.filter((id) => graph.cardOf.has(id) || graph.frameOf.has(id) || graph.noteOf.has(id)))
  }, [shown, hovered, key, graph])
  return { ids, moved: made.moved, hover: made.hover }
}

interface Latest {
  readonly graph: Graph
  readonly held: () => boolean
  readonly shown: ReadonlySet<string>
  readonly hovered: string | null
}

function createFilling(
  latest: () => Latest,
  setShown: (ids: ReadonlySet<string>) => void,
  setHovered: (id: string | null) => void,
) {
  let at: { readonly view: View; readonly screen: Screen } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = 0
  const stop = () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  }
  /** Some more of those in view; the rest in the frames that follow. */
  const fill = () => {
    stop()
    const { graph, held, shown } = latest()
    if (!at) return
    if (held()) {
      timer = setTimeout(fill, REST_MS)
      return
    }
    const wanted = wantedIn(graph, at.view, at.screen)
    const kept = wanted.filter((id) => shown.has(id))
    const fresh = wanted.filter((id) => !shown.has(id)).slice(0, IN_ONE_FRAME)
    if (fresh.length > 0 || kept.length < shown.size) setShown(new Set([...kept, ...fresh]))
    if (kept.length + fresh.length < wanted.length) frame = requestAnimationFrame(fill)
  }
  return {
    stop,
    fill,
    moved: (view: View, screen: Screen) => {
      const first = at === null
      at = { view, screen }
      stop()
      timer = setTimeout(fill, first ? 0 : REST_MS)
    },
    hover: (id: string | null) => {
      if (latest().hovered !== id) flushSync(() => setHovered(id))
    },
  }
}

function wantedIn(graph: Graph, { x, y, zoom }: View, { width, height }: Screen): readonly string[] {
  const most = zoom >= NEAR_ZOOM ? MOST_NEAR : MOST_FAR
  const window = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom }
  const wide = nodesIn(graph, grown(window, BEYOND), 'met')
  if (wide.length <= most) return wide
  const narrow = nodesIn(graph, window, 'met')
  return narrow.length <= most ? narrow : []
}

function grown({ x, y, width, height }: Box, share: number): Box {
  return {
    x: x - width * share,
    y: y - height * share,
    width: width * (1 + 2 * share),
    height: height * (1 + 2 * share),
  }
}
