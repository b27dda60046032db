import { describe, expect, it } from 'vitest'
import { fittedView, type Overlay } from './fitting.ts'
import type { Box } from './geometry.ts'
import { meets } from './paint/graph.ts'

const stage = { width: 1000, height: 600 }
const strip: Overlay = { side: 'top', box: { x: 12, y: 12, width: 500, height: 40 } }
const tools: Overlay = { side: 'bottom', box: { x: 12, y: 550, width: 160, height: 38 } }

function shown(bounds: Box, overlays: readonly Overlay[] = [strip, tools], size = stage) {
  const view = fittedView(bounds, size, overlays, (window) => meets(bounds, window))
  const left = bounds.x * view.zoom + view.x
  const top = bounds.y * view.zoom + view.y
  return { ...view, left, top, right: left + bounds.width * view.zoom, bottom: top + bounds.height * view.zoom }
}

describe('fittedView', () => {
  it('puts what is wide in the middle, where nothing floats over it', () => {
    const seen = shown({ x: -50, y: 20, width: 1952, height: 200 })
    expect(seen).toMatchObject({ zoom: 0.5, left: 12, right: 988, top: 250, bottom: 350 })
  })

  it('makes room at the top and at the bottom for what would cover something', () => {
    const seen = shown({ x: 0, y: 0, width: 1500, height: 1000 })
    expect(seen.top).toBeCloseTo(12 + 40 + 12)
    expect(seen.bottom).toBeCloseTo(550 - 12)
  })

  it('never shows anything larger than it is', () => {
    expect(shown({ x: 0, y: 0, width: 100, height: 50 })).toMatchObject({ zoom: 1, left: 450, top: 275 })
  })

  it('takes all of a low stage rather than make room in it', () => {
    const low = { width: 1000, height: 180 }
    const seen = shown({ x: 0, y: 0, width: 900, height: 1000 }, [strip], low)
    expect(seen.top).toBeCloseTo(12)
    expect(seen.bottom).toBeCloseTo(168)
  })
})
