/** Frames in which a panel must have been drawn. */
const MOST_FRAMES = 20

/** Gives the focus to what the first of the selectors that finds something names, once it is drawn. */
export function focusWhenDrawn(...selectors: readonly string[]): void {
  const look = (frames: number) => {
    requestAnimationFrame(() => {
      const [target] = selectors.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? [])
      if (target) target.focus()
      else if (frames > 0) look(frames - 1)
    })
  }
  look(MOST_FRAMES)
}
