import { defineConfig } from 'vitest/config'

/** Unit, conformance and contract tests, beside the code they test. Browser tests are Playwright's (e2e/). */
export default defineConfig({
  test: {
    include: ['{shared,electron,renderer}/**/*.test.{ts,tsx}', 'e2e/crash/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'shared/samples/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
