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
/** Added in one frame: each costs a millisecond of script, style and layout. */
const IN_ONE_FRAME = 12
/** The view has come to rest when it did not move for this long: longer than between two notches of a wheel. */
const REST_MS = 250
/** Share of the view's size beyond its edges that is mounted, too, and that stays so once it is. */
const BEYOND = 0.2
const KEPT_BEYOND = 0.6

export interface Mounted {
  /** Ids of the nodes that React draws. */
  readonly ids: ReadonlySet<string>
  /** Those of them that need not be painted: more of them only when no more are on their way, for each change is painted. */
  readonly unpainted: ReadonlySet<string>
  /** The view moved; nodes come and go once it rests. */
  moved(view: View, screen: Screen): void
  /** Mounts what is under the pointer, at once: so that the press that follows meets a real node. */
  hover(id: string | null): void
}

const NOTHING: ReadonlySet<string> = new Set()

interface Shown {
  readonly ids: ReadonlySet<string>
  /** All that are wanted are there. */
  readonly whole: boolean
}

/**
 * Which nodes React draws: those in view where they are few, the one under the pointer, and those of `always`. All
 * others are painted and look the same. `held`: nothing may go while something is dragged or linked.
 */
export function useMounted(graph: Graph, always: readonly (string | null)[], held: () => boolean): Mounted {
  const [shown, setShown] = useState<Shown>({ ids: NOTHING, whole: true })
  const [hovered, setHovered] = useState<string | null>(null)
  const latest = useRef({ graph, held, shown: shown.ids, hovered })
  latest.current = { graph, held, shown: shown.ids, hovered }
  const made = useMemo(() => createFilling(() => latest.current, setShown, setHovered), [])
  useEffect(() => made.stop, [made])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another graph has other nodes in view
  useEffect(() => made.fill(), [made, graph])
  const key = always.join('\n\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what `always` holds
  const ids = useMemo(() => {
    const all = [...shown.ids, hovered, ...always].filter((id) => id !== null)
    return new Set(all.filter((id) => graph.cardOf.has(id) || graph.frameOf.has(id) || graph.noteOf.has(id)))
  }, [shown, hovered, key, graph])
  const known = useRef<ReadonlySet<string>>(ids)
  if (shown.whole) known.current = ids
  else if ([...known.current].some((id) => !ids.has(id))) known.current = both(known.current, ids)
  return { ids, unpainted: known.current, moved: made.moved, hover: made.hover }
}

function both(a: Iterable<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((id) => b.has(id)))
}

interface Latest {
  readonly graph: Graph
  readonly held: () => boolean
  readonly shown: ReadonlySet<string>
  readonly hovered: string | null
}

function createFilling(
  latest: () => Latest,
  setShown: (shown: Shown) => void,
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
    const { wanted, most } = wantedIn(graph, at.view, at.screen)
    const missing = wanted.filter((id) => !shown.has(id))
    const still = both(wanted.length === 0 ? [] : nodesAround(graph, at.view, at.screen, KEPT_BEYOND), shown)
    const kept = missing.length + still.size <= most ? still : both(wanted, shown)
    const fresh = missing.slice(0, IN_ONE_FRAME)
    const whole = fresh.length === missing.length
    if (fresh.length > 0 || kept.size < shown.size) setShown({ ids: new Set([...kept, ...fresh]), whole })
    if (!whole) frame = requestAnimationFrame(fill)
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

/** None where too many are in view; and how many may be mounted at once. */
function wantedIn(
  graph: Graph,
  view: View,
  screen: Screen,
): { readonly wanted: readonly string[]; readonly most: number } {
  const most = view.zoom >= NEAR_ZOOM ? MOST_NEAR : MOST_FAR
  const wide = nodesAround(graph, view, screen, BEYOND)
  if (wide.length <= most) return { wanted: wide, most }
  const narrow = nodesAround(graph, view, screen, 0)
  return { wanted: narrow.length <= most ? narrow : [], most }
}

/** What lies in the view and, beyond its edges, in a share of its size. */
function nodesAround(graph: Graph, { x, y, zoom }: View, { width, height }: Screen, share: number): readonly string[] {
  const [beyondX, beyondY] = [(width / zoom) * share, (height / zoom) * share]
  const window: Box = {
    x: -x / zoom - beyondX,
    y: -y / zoom - beyondY,
    width: width / zoom + 2 * beyondX,
    height: height / zoom + 2 * beyondY,
  }
  return nodesIn(graph, window, 'met')
}
