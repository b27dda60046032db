import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const ci = process.env.CI !== undefined

export default defineConfig({
  testDir: '.',
  outputDir: 'artifacts/traces',
  fullyParallel: false,
  workers: 1,
  retries: ci ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [
    ['list'],
    [
      'json',
      { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? join(import.meta.dirname, 'artifacts/report.json') },
    ],
  ],
  projects: [
    {
      name: 'browser',
      testMatch: 'browser/**/*.spec.ts',
      use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          executablePath: process.env.DAGWRIGHT_CHROMIUM ?? '/usr/bin/chromium',
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
        actionTimeout: 15_000,
        // Recording slows every test down: only where one is run again.
        trace: 'on-first-retry',
        screenshot: 'only-on-failure',
      },
    },
    { name: 'electron', testMatch: 'electron/**/*.spec.ts' },
  ],
})
