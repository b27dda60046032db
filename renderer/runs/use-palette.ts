import { useMemo } from 'react'
import { useView } from '../state/view.ts'
import type { Palette } from './gantt-painter.ts'

/** The theme's colours for a canvas; a new function when the theme changes. */
export function usePalette(): Palette {
  const theme = useView((state) => state.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the tokens hold
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    const known = new Map<string, string>()
    return (token) => {
      const value = known.get(token) ?? style.getPropertyValue(token).trim()
      known.set(token, value)
      return value
    }
  }, [theme])
}
