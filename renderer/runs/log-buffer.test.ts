import { describe, expect, it } from 'vitest'
import { plainStyle } from './ansi.ts'
import { bytesText, LogBuffer, linesOfStream, MOST_MATCHES, searchLines } from './log-buffer.ts'

function buffer(...lines: readonly (readonly ['out' | 'err' | 'note', string])[]): LogBuffer {
  const result = new LogBuffer()
  result.append({ lines: lines.map(([stream, text], t) => ({ t, stream, text })), next: 1, omitted: 0, end: false })
  return result
}

describe('LogBuffer', () => {
  it('carries colours from line to line within one stream only', () => {
    const { lines } = buffer(['out', '\u001b[31mred'], ['err', 'plain'], ['out', 'still red'])
    expect(lines.map((line) => line.style.foreground)).toEqual([null, null, { type: 'named', index: 1 }])
    expect(lines[1]?.style).toEqual(plainStyle)
  })

  it('words a cut and never ends twice', () => {
    const log = buffer(['note', 'cut 1234567'])
    expect(log.lines[0]?.text).toBe('1.2 MB left out here: the log had reached its size limit')
    log.append({ lines: [], next: 2, omitted: 7, end: true })
    log.append({ lines: [], next: 2, omitted: 7, end: false })
    expect([log.ended, log.omitted, log.version]).toEqual([true, 7, 3])
  })
})

describe('searchLines', () => {
  it('finds text across colours, whatever the case, and does not overlap', () => {
    const { lines } = buffer(['out', 'Er\u001b[31mROR'], ['out', 'aaaa'])
    expect(searchLines(lines, 'error')).toEqual([{ line: 0, start: 0, end: 5 }])
    expect(searchLines(lines, 'aa')).toEqual([
      { line: 1, start: 0, end: 2 },
      { line: 1, start: 2, end: 4 },
    ])
    expect(searchLines(lines, '')).toEqual([])
  })

  it('stops at the limit', () => {
    const { lines } = buffer(['out', 'x'.repeat(MOST_MATCHES + 5)])
    expect(searchLines(lines, 'x')).toHaveLength(MOST_MATCHES)
  })
})

describe('linesOfStream', () => {
  it('keeps notes with either stream', () => {
    const { lines } = buffer(['out', 'a'], ['err', 'b'], ['note', 'c'])
    expect(linesOfStream(lines, 'err').map((line) => line.text)).toEqual(['b', 'c'])
    expect(linesOfStream(lines, 'all')).toBe(lines)
  })
})

describe('bytesText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_960, '100 kB'],
    [999_600, '1.0 MB'],
    [5_000_000_000_000_000, '5000 TB'],
  ])('%d is %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
})
