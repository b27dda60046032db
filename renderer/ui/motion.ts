/** True where things may move: neither the system nor the settings ask for less. */
export function motionAllowed(): boolean {
  return (
    document.documentElement.dataset.motion !== 'reduced' && !matchMedia('(prefers-reduced-motion: reduce)').matches
  )
}
