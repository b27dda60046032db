import { expect, test } from 'vitest'
import { rowsText } from './rows-text.ts'

test.each([
  [1, 1, '1 row'],
  [20, 2000, 'first 20 of 2,000 rows'],
  [1000, null, 'first 1,000 rows'],
  [3, null, '3 rows'],
])('%s of %s', (shown, total, expected) => expect(rowsText(shown, total)).toBe(expected))
