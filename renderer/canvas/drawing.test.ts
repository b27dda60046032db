import { describe, expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { type DrawingInput, drawPipeline } from './drawing.ts'
import type { Point } from './geometry.ts'

const colors = {
  canvas: '#fff',
  surface: '#fff',
  border: '#111',
  text: '#111',
  text2: '#222',
  edge: '#333',
  critical: '#f00',
  bar: '#444',
  fill: '#555',
  note: '#666',
}

function drawingOf(text: string, positions: Readonly<Record<string, Point>>, change: Partial<DrawingInput> = {}) {
  return drawPipeline({
    pipeline: parseDocument(`dagwright: 1\nid: p\n${text}`).pipeline!,
    positions: new Map(Object.entries(positions)),
    direction: 'LR',
    edgeStyle: 'curved',
    colors,
    cardOf: () => ({
      kind: 'Shell',
      words: '',
      dot: null,
      duration: '',
      share: 0,
      critical: false,
      border: null,
      background: null,
    }),
    lineOf: () => null,
    links: [],
    groupColor: () => '#777',
    layerColor: () => 'transparent',
    ...change,
  })
}

describe('the drawing', () => {
  test('shows links of the realized path that are no dependencies, dotted and named', () => {
    const { svg } = drawingOf(
      'tasks: { a: { kind: noop }, b: { kind: noop, needs: [a] }, c: { kind: noop } }',
      { a: [0, 0], b: [600, 0], c: [600, 300] },
      {
        links: [
          { from: 'b', to: 'c', name: 'pool <db>' },
          { from: 'gone', to: 'c', name: 'slot' },
        ],
      },
    )
    expect(svg.match(/stroke-dasharray="0 8"/g)).toHaveLength(1)
    expect(svg.match(/<polygon /g)).toHaveLength(1)
    expect(svg).toContain('>pool &lt;db&gt;<')
    expect(svg).not.toContain('>slot<')
  })

  test('holds every task, edge, group and note, whatever is on screen', () => {
    const { svg, width, height } = drawingOf(
      `tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] }
groups:
  g: { name: Both, tasks: [a, b] }
notes:
  - { id: n, text: hello, at: [0, 4000], size: [200, 80] }
`,
      { a: [0, 0], b: [5000, 0] },
    )
    expect(svg.match(/<path /g)).toHaveLength(1)
    for (const text of ['>a<', '>b<', '>Both<', '>hello<']) expect(svg).toContain(text)
    expect(width).toBeGreaterThan(5224)
    expect(height).toBeGreaterThan(4080)
  })

  test('names cannot break out of the drawing', () => {
    const name = '<script>alert(1)</script> & "quoted" \u0001'
    const { svg } = drawingOf(`tasks:\n  a: { kind: noop, name: ${JSON.stringify(name)} }\n`, { a: [0, 0] })
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;script&gt;')
    expect(svg).not.toContain('\u0001')
  })

  test('critical edges come last, over the others, and are the only warm ones', () => {
    const { svg } = drawingOf(
      'tasks:\n  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n  c: { kind: noop, needs: [a] }\n',
      { a: [0, 0], b: [400, 0], c: [400, 100] },
      { lineOf: (_, to) => (to === 'b' ? { color: '#f00', width: 3, dash: [] } : null) },
    )
    const strokes = [...svg.matchAll(/<path [^>]*stroke="([^"]+)"/g)].map((match) => match[1])
    expect(strokes).toEqual(['#333', '#f00'])
  })

  test('an empty pipeline is a valid image', () => {
    const { svg, width } = drawingOf('tasks: {}\n', {})
    expect(svg.startsWith('<svg')).toBe(true)
    expect(width).toBeGreaterThan(0)
  })
})
