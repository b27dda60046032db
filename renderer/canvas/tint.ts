import type { CSSProperties } from 'react'

/** Colours that tell layers and groups apart: beside the name, never instead of it. Hue by name, stable. */
const KNOWN: ReadonlyMap<string, number> = new Map([
  ['staging', 235],
  ['intermediate', 285],
  ['mart', 165],
])

export function layerColor(layer: string): string {
  if (layer === '') return 'transparent'
  return `oklch(66% 0.11 ${KNOWN.get(layer) ?? hueOf(layer)})`
}

export function groupColor(color: string | null, id: string): string {
  if (color !== null && /^#[0-9a-f]{3,8}$/i.test(color)) return color
  return `oklch(66% 0.09 ${KNOWN.get(id) ?? hueOf(id)})`
}

function hueOf(name: string): number {
  let hash = 0
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)!) % 360
  return hash
}

/** Hands a colour to CSS as `--tint`. */
export function tinted(color: string): CSSProperties {
  return { ['--tint' as string]: color }
}

/** Hands the token of a lens' ground to CSS as `--ground`. */
export function grounded(ground: string | null): CSSProperties {
  return ground === null ? {} : { ['--ground' as string]: `var(${ground})` }
}
