import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { RunHeader } from '#shared/journal/event.ts'
import { createRunView } from '#shared/journal/fold.ts'
import { progressOn } from './progress.ts'
import { Output } from './terminal.ts'

const HEADER: RunHeader = {
  type: 'run',
  format: 1,
  run: '20260101T000000Z-aaaa',
  pipeline: 'p',
  name: 'p',
  file: 'p.dag.yaml',
  specHash: '',
  params: {},
  logicalDate: '2026-01-01T00:00:00.000Z',
  dataInterval: { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:00.000Z' },
  wall: '2026-01-01T00:00:00.000Z',
  machine: { platform: 'linux', cpus: 1, node: '24', label: 'Linux' },
  dagwright: '0.1.0',
  slots: 1,
  pools: {},
  basis: { first: 0, second: 0 },
  selection: null,
  parent: null,
  trigger: 'cli',
}

/** A terminal as the eye sees it: what stands on its lines after these characters. */
function screenOf(text: string): string[] {
  const lines: string[] = []
  let row = 0
  let column = 0
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal obeys.
  for (const [piece, count, letter] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|[\s\S]/g)) {
    const line = lines[row] ?? ''
    if (letter === 'A') row = Math.max(0, row - Number(count || 1))
    else if (letter === 'J') lines.splice(row, lines.length, line.slice(0, column))
    else if (letter === 'K') lines[row] = line.slice(0, column)
    else if (piece === '\r') column = 0
    else if (piece === '\n') {
      row += 1
      column = 0
    } else if (letter === undefined) {
      lines[row] = line.slice(0, column).padEnd(column) + piece + line.slice(column + 1)
      column += 1
    }
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== '')
}

function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 })
  let written = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    written += text
  })
  return {
    output: new Output(stream as unknown as NodeJS.WriteStream, { NO_COLOR: '1' }),
    type: (text: string) => stream.write(text),
    lines: () => screenOf(written),
  }
}

it('what is said during a run stays above the list, and nothing of the list is doubled', () => {
  const { output, type, lines } = terminal()
  const progress = progressOn(output, createRunView(HEADER), () => 0)
  type('^C')
  progress.say('Cancelling.')
  progress.end(true)
  expect(lines()).toEqual([
    'Cancelling.',
    '  · pending         first',
    '  · pending         second',
    expect.stringContaining('0/2 tasks'),
  ])
})

it('leaves nothing where a summary follows on the same screen', () => {
  const { output, lines } = terminal()
  const progress = progressOn(output, createRunView(HEADER), () => 0)
  progress.end(false)
  expect(lines()).toEqual([])
})
