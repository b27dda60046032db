import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastOverwrite, parseAnsi, plainStyle, stripAnsi, styleAfter } from './ansi.ts'

const named = (index: number) => ({ type: 'named', index })

describe('parseAnsi', () => {
  it('splits a line at its colours', () => {
    const { segments, style } = parseAnsi('a\u001b[1;31mred\u001b[0m b')
    expect(segments).toEqual([
      { text: 'a', style: plainStyle },
      { text: 'red', style: { ...plainStyle, bold: true, foreground: named(1) } },
      { text: ' b', style: plainStyle },
    ])
    expect(style).toEqual(plainStyle)
  })

  it.each([
    ['\u001b[97mx', named(15)],
    ['\u001b[38;5;9mx', named(9)],
    ['\u001b[38;5;196mx', { type: 'rgb', r: 255, g: 0, b: 0 }],
    ['\u001b[38;5;244mx', { type: 'rgb', r: 128, g: 128, b: 128 }],
    ['\u001b[38;2;1;2;3mx', { type: 'rgb', r: 1, g: 2, b: 3 }],
    ['\u001b[38:2:1:2:3mx', { type: 'rgb', r: 1, g: 2, b: 3 }],
    ['\u001b[38:2::1:2:3mx', { type: 'rgb', r: 1, g: 2, b: 3 }],
    ['\u001b[38:5:9mx', named(9)],
  ])('reads the colour of %j', (line, foreground) => {
    expect(parseAnsi(line).segments).toEqual([{ text: 'x', style: { ...plainStyle, foreground } }])
  })

  it('goes on with the codes after an extended colour', () => {
    const style = parseAnsi('\u001b[38;5;196;4;48;2;1;2;3;1mx').segments[0]?.style
    expect(style).toMatchObject({ underline: true, bold: true, background: { type: 'rgb', r: 1, g: 2, b: 3 } })
  })

  it('carries a style to the next line', () => {
    const first = parseAnsi('\u001b[32mgreen')
    expect(parseAnsi('still', first.style).segments[0]?.style.foreground).toEqual(named(2))
    expect(styleAfter('x\u001b[39m', first.style)).toEqual(plainStyle)
  })

  it('drops what is no colour: cursor moves, titles, links', () => {
    expect(stripAnsi('\u001b[2K\u001b[1Gdone \u001b]8;;http://x\u001b\\link\u001b]8;;\u0007 \u001b(Bend\u001b')).toBe(
      'done link end',
    )
  })

  it('shows the last version of an overwritten line, in the style that was left on', () => {
    expect(lastOverwrite('10%\r20%\r')).toBe('20%')
    expect(parseAnsi('\u001b[31m10%\r20%').segments).toEqual([
      { text: '20%', style: { ...plainStyle, foreground: named(1) } },
    ])
  })

  it('loses no text and never throws, whatever comes', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b',
        '\u001b[',
        '\u001b[38;5m',
        '\u001b[38;2;1m',
        '\r',
        '\u001b]0;',
        '\u001b[999m',
        '\u001b[?25l',
      ),
      fc.array(fc.nat(300), { maxLength: 6 }).map((codes) => `\u001b[${codes.join(';')}m`),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const line = pieces.join('')
        const { segments, style } = parseAnsi(line)
        expect(segments.map((segment) => segment.text).join('')).toBe(stripAnsi(line))
        expect(segments.every((segment) => segment.text !== '')).toBe(true)
        expect(style).toEqual(styleAfter(line, plainStyle))
      }),
    )
  })

  it('is transparent for plain text', () => {
    const printable = fc
      .string()
      .filter((text) => [...text].every((character) => character >= ' ' && character !== '\u007f'))
    fc.assert(
      fc.property(printable, (text) => {
        expect(stripAnsi(text)).toBe(text)
        expect(parseAnsi(text).segments.map((segment) => segment.text)).toEqual(text === '' ? [] : [text])
      }),
    )
  })
})
