import type * as Monaco from 'monaco-editor/editor'

/** Monaco knows colours as hex only; the app's stand in CSS. The name is one, its content changes with the app's theme. */
export const THEME = 'dagwright'

type ReadColor = (token: string) => string

/** Monaco's theme from the tokens as they are now. */
function themeFromTokens(color: ReadColor, dark: boolean): Monaco.editor.IStandaloneThemeData {
  const plain = (token: string) => color(token).slice(1, 7)
  return {
    base: dark ? 'vs-dark' : 'vs',
    // Monaco's own themes colour some languages token by token; those rules would win over ours.
    inherit: false,
    rules: [
      { token: '', foreground: plain('--text') },
      { token: 'comment', foreground: plain('--syntax-comment') },
      { token: 'string', foreground: plain('--syntax-string') },
      { token: 'number', foreground: plain('--syntax-number') },
      { token: 'keyword', foreground: plain('--syntax-keyword') },
      { token: 'operator', foreground: plain('--text-2') },
      { token: 'delimiter', foreground: plain('--text-2') },
      { token: 'type', foreground: plain('--syntax-key') },
      { token: 'type.identifier', foreground: plain('--syntax-type') },
      { token: 'predefined', foreground: plain('--syntax-type') },
      { token: 'variable', foreground: plain('--syntax-variable') },
      { token: 'tag', foreground: plain('--syntax-type') },
      { token: 'constant', foreground: plain('--syntax-number') },
      { token: 'annotation', foreground: plain('--syntax-type') },
      { token: 'metatag', foreground: plain('--syntax-keyword') },
      { token: 'attribute', foreground: plain('--syntax-key') },
      { token: 'strong', fontStyle: 'bold' },
      { token: 'emphasis', fontStyle: 'italic' },
      { token: 'namespace', foreground: plain('--syntax-type') },
      { token: 'regexp', foreground: plain('--syntax-expression') },
    ],
    colors: Object.fromEntries(Object.entries(COLORS).map(([name, token]) => [name, color(token)])),
  }
}

const COLORS: Readonly<Record<string, string>> = {
  'editor.background': '--surface',
  'editor.foreground': '--text',
  'editor.lineHighlightBackground': '--selection',
  'editor.lineHighlightBorder': '--selection',
  'editor.selectionBackground': '--editor-selection',
  'editor.inactiveSelectionBackground': '--accent-soft',
  'editor.wordHighlightBackground': '--accent-soft',
  'editor.findMatchBackground': '--editor-match',
  'editor.findMatchHighlightBackground': '--warning-soft',
  'editor.hoverHighlightBackground': '--accent-soft',
  'editorCursor.foreground': '--accent-text',
  'editorLineNumber.foreground': '--text-3',
  'editorLineNumber.activeForeground': '--text',
  'editorIndentGuide.background1': '--hairline',
  'editorIndentGuide.activeBackground1': '--border',
  'editorBracketMatch.background': '--accent-soft',
  'editorBracketMatch.border': '--accent',
  'editorWhitespace.foreground': '--border',
  'editorGutter.background': '--surface',
  'editorOverviewRuler.border': '--surface',
  'editorError.foreground': '--danger',
  'editorWarning.foreground': '--warning',
  'editorInfo.foreground': '--accent',
  'editorWidget.background': '--raised',
  'editorWidget.foreground': '--text',
  'editorWidget.border': '--border',
  'editorHoverWidget.background': '--raised',
  'editorHoverWidget.foreground': '--text',
  'editorHoverWidget.border': '--border',
  'editorHoverWidget.statusBarBackground': '--sunken',
  'editorSuggestWidget.background': '--raised',
  'editorSuggestWidget.border': '--border',
  'editorSuggestWidget.foreground': '--text',
  'editorSuggestWidget.highlightForeground': '--accent-text',
  'editorSuggestWidget.focusHighlightForeground': '--accent-text',
  'editorSuggestWidget.selectedBackground': '--accent-soft',
  'editorSuggestWidget.selectedForeground': '--text',
  'editorSuggestWidget.selectedIconForeground': '--text',
  'input.background': '--surface',
  'input.foreground': '--text',
  'input.border': '--border',
  'input.placeholderForeground': '--text-3',
  'inputOption.activeBackground': '--accent-soft',
  'inputOption.activeBorder': '--accent',
  'inputOption.activeForeground': '--text',
  focusBorder: '--focus',
  'icon.foreground': '--text-2',
  'textLink.foreground': '--accent-text',
  'scrollbar.shadow': '--surface',
  'scrollbarSlider.background': '--pressed',
  'scrollbarSlider.hoverBackground': '--border',
  'scrollbarSlider.activeBackground': '--border',
}

/** Keeps Monaco's theme equal to the app's from now on. */
export function followTheme(editor: typeof Monaco.editor): void {
  const root = document.documentElement
  const apply = () => {
    const style = getComputedStyle(root)
    const color: ReadColor = (token) => hexColor(DERIVED[token] ?? style.getPropertyValue(token), style)
    editor.defineTheme(THEME, themeFromTokens(color, style.colorScheme.includes('dark')))
    editor.setTheme(THEME)
  }
  apply()
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ['data-theme'] })
}

const DERIVED: Readonly<Record<string, string>> = {
  '--editor-selection': 'color-mix(in srgb, var(--accent) 28%, transparent)',
  '--editor-match': 'color-mix(in srgb, var(--warning) 42%, transparent)',
}

/** Any CSS colour as #rrggbbaa, computed by the browser itself: painted on one pixel and read back. */
function hexColor(value: string, style: CSSStyleDeclaration): string {
  const resolved = value.replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim())
  pixel ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  })
  if (pixel === null) return '#808080ff'
  pixel.clearRect(0, 0, 1, 1)
  pixel.fillStyle = resolved.trim()
  pixel.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0, a = 255] = pixel.getImageData(0, 0, 1, 1).data
  return `#${[r, g, b, a].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
let pixel: CanvasRenderingContext2D | null = null
