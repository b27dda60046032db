import { defineConfig } from 'vitest/config'

/** Unit, conformance and contract tests, beside the code they test. Browser tests are Playwright's (e2e/). */
export default defineConfig({
  test: {
    include: ['{shared,electron,renderer}/**/*.test.{ts,tsx}', 'e2e/crash/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'shared/samples/**'],
    // A long run that was asked for (see seeds.testing.ts, kill.test.ts) takes its time.
    testTimeout: process.env.DAGWRIGHT_SEEDS === undefined ? 60_000 : 3_600_000,
    hookTimeout: 60_000,
  },
})
