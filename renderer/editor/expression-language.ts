import type * as Monaco from 'monaco-editor/editor'
import { completionItem } from './completion-item.ts'
import type { EditorLanguage } from './languages.ts'
import { expressionSuggestionsAt } from './suggestions.ts'

const CODE: readonly EditorLanguage[] = ['shell', 'python', 'javascript', 'sql']

let configured = false

/** Whose code is being edited: the pipeline's text, and the task's id, null where there is none. */
export interface CodePlace {
  readonly text: string
  readonly task: string | null
}

/** Completion inside `${{ }}` in the code of tasks. Once. */
export function configureExpressions(monaco: typeof Monaco, place: () => CodePlace): void {
  if (configured) return
  configured = true
  monaco.languages.registerCompletionItemProvider([...CODE], {
    triggerCharacters: [' ', '.', '{'],
    provideCompletionItems: (model, position) => {
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1)
      const { text, task } = place()
      const found = expressionSuggestionsAt(text, task, before)
      return { suggestions: found.map(completionItem(monaco, model, position)) }
    },
  })
}
