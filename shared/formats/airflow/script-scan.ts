/** What a scan of Python source says about whether it can stand inside a function as it is. */
export interface ScriptScan {
  /** For each line: true where it begins inside a string, so that indenting it would change a value. */
  readonly insideString: readonly boolean[]
  /** Strings and brackets are closed. */
  readonly balanced: boolean
}

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** A scanner of Python's strings, comments and brackets, after the language reference's lexical analysis. */
export function scanScript(code: string): ScriptScan {
  const insideString = [false]
  const open: string[] = []
  let quote = ''
  for (let at = 0; at < code.length; at++) {
    const character = code[at]!
    if (character === '\n') insideString.push(quote !== '')
    if (quote !== '') {
      if (character === '\\') {
        at++
        if (code[at] === '\n') insideString.push(true)
      } else if (code.startsWith(quote, at)) {
        at += quote.length - 1
        quote = ''
      } else if (character === '\n' && quote.length === 1) return { insideString, balanced: false }
    } else if (character === '#') {
      const end = code.indexOf('\n', at)
      at = (end < 0 ? code.length : end) - 1
    } else if (character === '"' || character === "'") {
      quote = code.startsWith(character.repeat(3), at) ? character.repeat(3) : character
      at += quote.length - 1
    } else if ('([{'.includes(character)) open.push(character)
    else if (character in CLOSERS && open.pop() !== CLOSERS[character]) return { insideString, balanced: false }
  }
  return { insideString, balanced: quote === '' && open.length === 0 }
}

/**
 * What behaves otherwise inside a function than at the top of a script: module names and guards, star and future
 * imports, names of the module's scope, ways to leave the interpreter, standard input and arguments.
 */
const SCRIPT_ONLY =
  /\b(__name__|__file__|__future__|__main__|globals|locals|exec|eval|global|nonlocal|yield|await|return|exit|quit|_exit|input|argv|stdin)\b|\bimport\s*\*|\bclass\b/

export function fitsFunction(code: string, scan: ScriptScan, names: ReadonlySet<string>): boolean {
  if (!scan.balanced || SCRIPT_ONLY.test(code) || /[\r\f\v]/.test(code)) return false
  const words = new Set(code.match(/[A-Za-z_]\w*/g) ?? [])
  return (
    ![...names].some((name) => words.has(name)) && /^\S/m.exec(code)?.index === (code.match(/^\s*/)?.[0].length ?? 0)
  )
}
