import { useState } from 'react'

/** State that outlives the window, for how a panel is looked at. Anything but the type of `initial` is not taken back. */
export function useRemembered<T extends string | boolean | number>(
  name: string,
  initial: T,
): readonly [T, (value: T) => void] {
  const key = `dagwright.${name}`
  const [value, setValue] = useState<T>(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
      return typeof stored === typeof initial ? (stored as T) : initial
    } catch {
      return initial
    }
  })
  const change = (next: T) => {
    setValue(next)
    localStorage.setItem(key, JSON.stringify(next))
  }
  return [value, change]
}
