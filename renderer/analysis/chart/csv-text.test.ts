import { expect, it } from 'vitest'
import { csvText } from './csv-text.ts'

it('quotes what would be read as something else', () => {
  expect(
    csvText(
      ['a', 'b,c'],
      [
        ['x"y', null],
        [1.5, 'two\nlines'],
        [{ k: [1] }, undefined],
      ],
    ),
  ).toBe('a,"b,c"\r\n"x""y",\r\n1.5,"two\nlines"\r\n"{""k"":[1]}",\r\n')
})
