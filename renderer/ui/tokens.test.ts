import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

type Triple = readonly [number, number, number]

const STATES = [
  'success',
  'running',
  'retrying',
  'queued',
  'pending',
  'failed',
  'upstream_failed',
  'skipped',
  'cancelled',
  'lost',
]

function tokensOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const start = css.indexOf(`:root[data-theme="${theme}"]`)
  const block = css.slice(start, css.indexOf('}', start))
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]))
}

/** Linear sRGB of '#rrggbb'. */
function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

/** Machado, Oliveira and Fernandes (2009), deuteranopia, severity 1. */
function deuteranope([r, g, b]: Triple): Triple {
  const clamp = (value: number) => Math.max(0, Math.min(1, value))
  return [
    clamp(0.367322 * r + 0.860646 * g - 0.227968 * b),
    clamp(0.280085 * r + 0.672501 * g + 0.047413 * b),
    clamp(-0.01182 * r + 0.04294 * g + 0.968881 * b),
  ]
}

function lab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116)
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** CIEDE2000 after Sharma, Wu and Dalal (2005). */
function difference([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const radians = Math.PI / 180
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)))
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)]
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)]
  const hue = (b: number, a: number) => (Math.atan2(b, a) / radians + 360) % 360
  const [h1, h2] = [hue(b1, p1), hue(b2, p2)]
  const turn = h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1
  const dh = c1 * c2 === 0 ? 0 : turn
  const bigH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh * radians) / 2)
  const sum = h1 + h2
  const meanH = c1 * c2 === 0 ? sum : Math.abs(h1 - h2) <= 180 ? sum / 2 : sum < 360 ? sum / 2 + 180 : sum / 2 - 180
  const t =
    1 -
    0.17 * Math.cos((meanH - 30) * radians) +
    0.24 * Math.cos(2 * meanH * radians) +
    0.32 * Math.cos((3 * meanH + 6) * radians) -
    0.2 * Math.cos((4 * meanH - 63) * radians)
  const meanL = (l1 + l2) / 2
  const mean = (c1 + c2) / 2
  const sl = 1 + (0.015 * (meanL - 50) ** 2) / Math.sqrt(20 + (meanL - 50) ** 2)
  const sc = 1 + 0.045 * mean
  const sh = 1 + 0.015 * mean * t
  const rt =
    -2 * Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)) * Math.sin(60 * Math.exp(-(((meanH - 275) / 25) ** 2)) * radians)
  const [x, y, z] = [(l2 - l1) / sl, (c2 - c1) / sc, bigH / sh]
  return Math.sqrt(x * x + y * y + z * z + rt * y * z)
}

function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, blue] = linear(hex)
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue
  }
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

test('the measure agrees with the published examples', () => {
  expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
  expect(difference([90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447])).toBeCloseTo(1.4441, 4)
  expect(difference([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514])).toBeCloseTo(0.9082, 4)
})

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  const tokens = tokensOf(theme)

  test('any two states differ by more than 10, for deuteranopes too', () => {
    const colors = STATES.map((state) => linear(tokens.get(`state-${state}`)!))
    for (const [i, a] of colors.entries()) {
      for (const [j, b] of colors.entries()) {
        if (i >= j) continue
        const pair = `${STATES[i]} and ${STATES[j]}`
        expect(difference(lab(a), lab(b)), pair).toBeGreaterThan(10)
        expect(difference(lab(deuteranope(a)), lab(deuteranope(b))), `${pair}, deuteranopia`).toBeGreaterThan(10)
      }
    }
  })

  test('state icons stand out from what they are on', () => {
    for (const state of STATES) {
      for (const ground of ['surface', 'chrome', 'canvas']) {
        expect(contrast(tokens.get(`state-${state}`)!, tokens.get(ground)!), `${state} on ${ground}`).toBeGreaterThan(3)
      }
    }
  })

  test('text can be read on every ground', () => {
    for (const text of ['text', 'text-2', 'text-3', 'accent-text', 'danger', 'warning', 'critical']) {
      for (const ground of ['surface', 'chrome', 'canvas', 'sunken', 'raised']) {
        expect(contrast(tokens.get(text)!, tokens.get(ground)!), `${text} on ${ground}`).toBeGreaterThan(4.5)
      }
    }
    expect(contrast(tokens.get('text-on-accent')!, tokens.get('accent')!)).toBeGreaterThan(4.5)
    for (const step of [0, 1, 2, 3, 4]) {
      expect(contrast(tokens.get('heat-text')!, tokens.get(`heat-${step}`)!), `heat ${step}`).toBeGreaterThan(4.5)
    }
  })
})
