import type * as Monaco from 'monaco-editor/editor'

/** The languages of code in a pipeline and of what it is exported to. */
export type EditorLanguage = 'yaml' | 'shell' | 'python' | 'javascript' | 'sql' | 'json' | 'markdown' | 'plaintext'

/**
 * JSON for reading: Monaco's own JSON support comes with a language server that a preview has no use for.
 */
export const jsonTokens: Monaco.languages.IMonarchLanguage = {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'type'],
      [/"(?:[^"\\]|\\.)*"/, 'string'],
      [/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, 'number'],
      [/\b(?:true|false|null)\b/, 'keyword'],
      [/[{}[\],:]/, 'delimiter'],
    ],
  },
}

export const jsonConfiguration: Monaco.languages.LanguageConfiguration = {
  brackets: [
    ['{', '}'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}', notIn: ['string'] },
    { open: '[', close: ']', notIn: ['string'] },
    { open: '"', close: '"', notIn: ['string'] },
  ],
}
