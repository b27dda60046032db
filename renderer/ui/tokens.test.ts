import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Colour = readonly [red: number, green: number, blue: number]
type Tokens = ReadonlyMap<string, string>

const SHEETS = ['tokens.css', '../editor/syntax.css', '../runs/ansi.css']
const THEMES = ['light', 'dark'] as const
/** WCAG 2.2, 1.4.3 and 1.4.11. */
const TEXT_CONTRAST = 4.5
const ICON_CONTRAST = 3
const STATE_DIFFERENCE = 10

/** The custom properties of every sheet that count in a theme. */
function tokensOf(theme: (typeof THEMES)[number]): Tokens {
  const tokens = new Map<string, string>()
  for (const sheet of SHEETS) {
    const text = readFileSync(new URL(sheet, import.meta.url), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    for (const [, selectors = '', body = ''] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (selectors.includes('data-theme') && !selectors.includes(`"${theme}"`)) continue
      for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) tokens.set(name, value.trim())
    }
  }
  return tokens
}

/** Channels from 0 to 255; a translucent colour as it looks over `under`. */
function colourOf(tokens: Tokens, name: string, under: Colour = [0, 0, 0]): Colour {
  const value = tokens.get(name) ?? ''
  const hex = /^#([\da-f]{6})$/i.exec(value)?.[1]
  if (hex !== undefined) {
    const number = Number.parseInt(hex, 16)
    return [number >> 16, (number >> 8) & 255, number & 255]
  }
  const soft = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(value)?.slice(1).map(Number)
  if (soft === undefined) throw new Error(`${name} is no colour: ${value}`)
  const [red = 0, green = 0, blue = 0, percent = 0] = soft
  const over = (own: number, below: number) => below + ((own - below) * percent) / 100
  return [over(red, under[0]), over(green, under[1]), over(blue, under[2])]
}

/** IEC 61966-2-1: channels from 0 to 1, proportional to light. */
function linear(colour: Colour): Colour {
  const channel = (value: number) => (value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  return [channel(colour[0]), channel(colour[1]), channel(colour[2])]
}

function transform(rows: readonly (readonly [number, number, number])[], [x, y, z]: Colour): Colour {
  const [first = 0, second = 0, third = 0] = rows.map((row) => row[0] * x + row[1] * y + row[2] * z)
  return [first, second, third]
}

/** WCAG 2.2's contrast ratio, 1 to 21. */
function contrast(one: Colour, other: Colour): number {
  const luminance = (colour: Colour) => transform([[0.2126, 0.7152, 0.0722]], linear(colour))[0]
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision deficiency": deuteranopia. */
const DEUTERANOPIA = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
] as const

function deuteranope(colour: Colour): Colour {
  const [red, green, blue] = transform(DEUTERANOPIA, linear(colour))
  const within = (value: number) => Math.min(1, Math.max(0, value))
  return [within(red), within(green), within(blue)]
}

/** CIELAB under D65, from linear channels. */
function lab(light: Colour): Colour {
  const [x, y, z] = transform(
    [
      [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339 / 1.08883, 0.119192 / 1.08883, 0.9503041 / 1.08883],
    ],
    light,
  )
  const f = (value: number) => (value > 216 / 24389 ? Math.cbrt(value) : (value * (24389 / 27) + 16) / 116)
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))]
}

const radians = (degrees: number) => (degrees * Math.PI) / 180
const hue = (a: number, b: number) => (a === 0 && b === 0 ? 0 : ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360)

/** CIEDE2000 after Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula: implementation notes". */
function difference([l1, a1, b1]: Colour, [l2, a2, b2]: Colour): number {
  const grey = (chroma: number) => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7))
  const stretch = 1 + 0.5 * (1 - grey((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2))
  const [c1, c2] = [Math.hypot(a1 * stretch, b1), Math.hypot(a2 * stretch, b2)]
  const [h1, h2] = [hue(a1 * stretch, b1), hue(a2 * stretch, b2)]
  const coloured = c1 * c2 !== 0
  const turn = coloured ? ((h2 - h1 + 540) % 360) - 180 : 0
  const meanHue = coloured ? (h1 + turn / 2 + 360) % 360 : h1 + h2
  const meanL = (l1 + l2) / 2
  const meanC = (c1 + c2) / 2
  const t =
    1 -
    0.17 * Math.cos(radians(meanHue - 30)) +
    0.24 * Math.cos(radians(2 * meanHue)) +
    0.32 * Math.cos(radians(3 * meanHue + 6)) -
    0.2 * Math.cos(radians(4 * meanHue - 63))
  const lightness = (l2 - l1) / (1 + (0.015 * (meanL - 50) ** 2) / Math.sqrt(20 + (meanL - 50) ** 2))
  const chroma = (c2 - c1) / (1 + 0.045 * meanC)
  const tint = (2 * Math.sqrt(c1 * c2) * Math.sin(radians(turn / 2))) / (1 + 0.015 * meanC * t)
  const rotation = -Math.sin(radians(60 * Math.exp(-(((meanHue - 275) / 25) ** 2)))) * 2 * grey(meanC)
  return Math.sqrt(lightness ** 2 + chroma ** 2 + tint ** 2 + rotation * chroma * tint)
}

describe('the measures themselves', () => {
  it('agree with published values', () => {
    expect(contrast([255, 255, 255], [0, 0, 0])).toBeCloseTo(21, 6)
    // Pairs 1, 7, 17 and 25 of Sharma's test data.
    expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
    expect(difference([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4)
    expect(difference([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4)
    expect(difference([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4)
  })
})

const GROUNDS = ['--surface', '--chrome', '--sunken', '--canvas', '--raised']
const SOFT: readonly (readonly [text: string, ground: string])[] = [
  ['--accent-text', '--accent-soft'],
  ['--text', '--accent-soft'],
  ['--text-2', '--accent-soft'],
  ['--danger', '--danger-soft'],
  ['--text', '--danger-soft'],
  ['--text-2', '--danger-soft'],
  ['--warning', '--warning-soft'],
  ['--text', '--warning-soft'],
  ['--text', '--hover'],
  ['--text', '--pressed'],
  ['--text', '--log-match'],
  ['--text', '--log-match-current'],
]

describe.each(THEMES)('in the %s theme', (theme) => {
  const tokens = tokensOf(theme)
  const named = (prefix: string) => [...tokens.keys()].filter((name) => name.startsWith(prefix))

  it('text is readable wherever it stands', () => {
    const texts = ['--text', '--text-2', '--text-3', '--accent-text', '--danger', '--warning', '--critical']
    const onSurface = [...named('--syntax-'), ...named('--ansi-').filter((name) => /\d$/.test(name))]
    expect(onSurface).toHaveLength(24)
    const pairs = [
      ...texts.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
      ...onSurface.map((text) => [text, '--surface'] as const),
      ...named('--heat-').map((ground) => ['--heat-text', ground] as const),
      ['--text-on-accent', '--accent'] as const,
      ['--text-on-accent', '--accent-hover'] as const,
      ...SOFT,
    ].filter(([text, ground]) => text !== ground)
    const weak = pairs.flatMap(([text, ground]) => {
      const ratio = contrast(colourOf(tokens, text), colourOf(tokens, ground, colourOf(tokens, '--surface')))
      return ratio < TEXT_CONTRAST ? [`${text} on ${ground}: ${ratio.toFixed(2)}`] : []
    })
    expect(weak).toEqual([])
  })

  it('the icons of states stand out from what is behind them', () => {
    const weak = named('--state-').flatMap((state) =>
      ['--surface', '--chrome', '--canvas'].flatMap((ground) => {
        const ratio = contrast(colourOf(tokens, state), colourOf(tokens, ground))
        return ratio < ICON_CONTRAST ? [`${state} on ${ground}: ${ratio.toFixed(2)}`] : []
      }),
    )
    expect(weak).toEqual([])
  })

  it.each([
    ['by most eyes', linear],
    ['under deuteranopia', deuteranope],
  ])('the colours of states are told apart %s', (_, eye) => {
    const states = named('--state-')
    expect(states).toHaveLength(10)
    const close = states.flatMap((one, index) =>
      states.slice(index + 1).flatMap((other) => {
        const seen = (name: string) => lab(eye(colourOf(tokens, name)))
        const delta = difference(seen(one), seen(other))
        return delta > STATE_DIFFERENCE ? [] : [`${one} and ${other}: ${delta.toFixed(1)}`]
      }),
    )
    expect(close).toEqual([])
  })
})
