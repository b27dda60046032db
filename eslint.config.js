import { parser, plugin } from 'typescript-eslint'

/** Only what needs types; everything else is Biome's. */
export default [
  { ignores: ['dist/**', 'node_modules/**', 'shared/samples/**', 'e2e/artifacts/**'] },
  {
    files: ['{shared,electron,renderer}/**/*.{ts,tsx}'],
    languageOptions: {
      parser,
      parserOptions: {
        project: [
          './shared/tsconfig.json',
          './electron/tsconfig.json',
          './electron/preload/tsconfig.json',
          './renderer/tsconfig.json',
        ],
      },
    },
    plugins: { '@typescript-eslint': plugin },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
]
