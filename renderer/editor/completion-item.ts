import type * as Monaco from 'monaco-editor/editor'
import type { Suggestion } from './suggestions.ts'

/** How a suggestion at a position is offered: it takes the place of the word begun there. */
export function completionItem(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
  position: Monaco.Position,
): (found: Suggestion) => Monaco.languages.CompletionItem {
  const kinds = monaco.languages.CompletionItemKind
  const { lineNumber, column } = position
  // Not `getWordUntilPosition`: each language has its own idea of a word, and `$` or `-` may be part of it.
  const before = model.getLineContent(lineNumber).slice(0, column - 1)
  const start = column - (/\w*$/.exec(before)?.[0].length ?? 0)
  return ({ label, detail, kind, bracket }) => ({
    label: { label, description: detail },
    kind: kind === 'task' ? kinds.Reference : kinds.Variable,
    insertText: bracket ?? label,
    range: new monaco.Range(lineNumber, bracket === undefined ? start : start - 1, lineNumber, column),
    ...(bracket === undefined ? {} : { filterText: `.${label}` }),
    sortText: `0${label}`,
  })
}
