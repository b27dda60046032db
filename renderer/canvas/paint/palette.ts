/** Colours of the theme in force, as a canvas takes them: it knows neither CSS variables nor mixtures of them. */
export interface Palette {
  /** The value of a token, with its dashes. */
  token(name: string): string
  /** A CSS colour that may name tokens, resolved. */
  color(css: string): string
}

/** Resolves as `element` does. Made anew when the theme changes. */
export function createPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element)
  const tokens = new Map<string, string>()
  const colors = new Map<string, string>()
  return {
    token: (name) => {
      let value = tokens.get(name)
      if (value === undefined) {
        value = style.getPropertyValue(name).trim()
        tokens.set(name, value)
      }
      return value
    },
    color: (css) => {
      let value = colors.get(css)
      if (value === undefined) {
        value = resolved(element, css)
        colors.set(css, value)
      }
      return value
    },
  }
}

function resolved(element: HTMLElement, css: string): string {
  const probe = document.createElement('span')
  probe.style.color = css
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
