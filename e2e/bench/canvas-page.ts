/// <reference types="vite/client" />
import { Background, type Edge, MiniMap, type Node, Position, ReactFlow, useReactFlow } from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { Tooltip } from 'radix-ui'
import { createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { Canvas } from '#renderer/canvas/Canvas.tsx'
import { controls } from '#renderer/canvas/controls.ts'
import '#renderer/ui/base.css'
import { newDocument, type OpenDocument, putDocument } from '#renderer/state/documents.ts'
import { useRuns } from '#renderer/state/runs.ts'
import { useView } from '#renderer/state/view.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { applyEvent, foldRun } from '#shared/journal/fold.ts'

/** The canvas alone, and plain React Flow with its own nodes, both driven by canvas.ts over the same graphs. */
const NODE = { width: 224, height: 72 }

let root: Root | null = null
let document_: OpenDocument | null = null
let plainFit: (() => void) | null = null

function host(): Root {
  root ??= createRoot(document.getElementById('root')!)
  return root
}

function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()))
}

/** Frames go by until the condition holds; milliseconds since `begin`, at the end of the frame that showed it. */
async function until(begin: number, condition: () => boolean): Promise<number> {
  for (;;) {
    await frame()
    if (condition()) break
  }
  await new Promise((resolve) => setTimeout(resolve))
  return performance.now() - begin
}

const isDrawn = () => document.querySelector<HTMLElement>('[data-drawn]')?.dataset.drawn === 'true'

const bench = {
  /** Reads the text; milliseconds. */
  parse(text: string): number {
    const begin = performance.now()
    document_ = newDocument('bench.dag.yaml', text, { version: '1', readOnly: false, recovery: null })
    return performance.now() - begin
  },
  /** Milliseconds from the parsed document to its picture. */
  showHybrid(): Promise<number> {
    const begin = performance.now()
    putDocument(document_!)
    host().render(createElement(Tooltip.Provider, null, createElement(Canvas)))
    return until(begin, isDrawn)
  },
  showPlain(): Promise<number> {
    const { tasks, canvas } = document_!.pipeline!
    const begin = performance.now()
    const nodes: Node[] = tasks.map(({ id, name }) => {
      const [x, y] = canvas.get(id)!
      const sides = { sourcePosition: Position.Right, targetPosition: Position.Left }
      return { id, position: { x, y }, data: { label: name }, style: NODE, ...sides }
    })
    const edges: Edge[] = tasks.flatMap(({ id, needs }) =>
      needs.map(({ task }) => ({ id: `${task} ${id}`, source: task, target: id })),
    )
    host().render(createElement(Plain, { nodes, edges }))
    const all = () => document.querySelectorAll('.react-flow__node').length === nodes.length
    const linked = () => document.querySelectorAll('.react-flow__edge').length === edges.length
    return until(begin, () => all() && linked())
  },
  /** Milliseconds to show everything, from wherever the view is. */
  fit(): Promise<number> {
    const begin = performance.now()
    if (plainFit) {
      plainFit()
      return until(begin, () => true)
    }
    controls()?.fit()
    return until(begin, isDrawn)
  },
  /** A task's place in the middle of the window, at a zoom. */
  async goTo(task: string, zoom: number): Promise<void> {
    controls()?.show(task)
    controls()?.zoomTo(zoom)
    await until(performance.now(), isDrawn)
  },
  frame,
  /** Another text that was read before: milliseconds from the new document to its picture. */
  replace(): Promise<number> {
    const begin = performance.now()
    putDocument(document_!)
    return until(begin, isDrawn)
  },
  /** A run whose tasks all wait; its view is on the canvas. */
  startRun(journal: string): void {
    const view = foldRun(JSON.parse(journal) as JournalEvent[])
    useView.setState({ lens: 'state' })
    useRuns.setState({ view, version: view?.version ?? 0, live: true })
  },
  /** As the app takes them from its stream: what came in a thirtieth of a second. */
  async takeEvents(journal: string): Promise<void> {
    const events = JSON.parse(journal) as JournalEvent[]
    // In a task of the page's own: what the driver evaluates is not counted as the page's script.
    await new Promise((resolve) => setTimeout(resolve))
    const { view } = useRuns.getState()
    if (!view) return
    for (const event of events) applyEvent(view, event)
    useRuns.setState({ version: view.version })
  },
}

declare global {
  interface Window {
    bench: typeof bench
  }
}
window.bench = bench

function Plain({ nodes, edges }: { readonly nodes: Node[]; readonly edges: Edge[] }) {
  return createElement(
    ReactFlow,
    {
      defaultNodes: nodes,
      defaultEdges: edges,
      fitView: true,
      minZoom: 0.005,
      panOnDrag: [0, 1],
      proOptions: { hideAttribution: true },
    },
    createElement(Background),
    createElement(MiniMap),
    createElement(PlainControls),
  )
}

function PlainControls() {
  const flow = useReactFlow()
  plainFit = () => void flow.fitView()
  return null
}
