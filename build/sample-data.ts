import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const files = ['flights-3m.parquet', 'airports.csv', 'us-10m.json']

/** Puts the flights beside the sample pipeline. They come with the package vega-datasets, too large to commit again. */
export function placeSampleData(): void {
  const target = join(root, 'shared/samples/flights/data')
  mkdirSync(target, { recursive: true })
  for (const name of files) {
    const from = join(root, 'node_modules/vega-datasets/data', name)
    const to = join(target, name)
    if (existsSync(from) && statSync(to, { throwIfNoEntry: false })?.size !== statSync(from).size)
      copyFileSync(from, to)
  }
}

if (import.meta.main) placeSampleData()
