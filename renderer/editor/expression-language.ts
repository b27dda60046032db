import type * as Monaco from 'monaco-editor/editor'
import { completionItem } from './completion-item.ts'
import type { EditorLanguage } from './languages.ts'
import { expressionSuggestionsAt } from './suggestions.ts'

const CODE: readonly EditorLanguage[] = ['shell', 'python', 'javascript', 'sql']

let configured = false

/** Completion inside `${{ }}` in the code of tasks. `text`: the pipeline's. Once. */
export function configureExpressions(monaco: typeof Monaco, text: () => string): void {
  if (configured) return
  configured = true
  monaco.languages.registerCompletionItemProvider([...CODE], {
    triggerCharacters: [' ', '.', '{'],
    provideCompletionItems: (model, position) => {
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1)
      return { suggestions: expressionSuggestionsAt(text(), before).map(completionItem(monaco, model, position)) }
    },
  })
}
