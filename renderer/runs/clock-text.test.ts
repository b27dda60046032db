import { describe, expect, it } from 'vitest'
import { clockText } from './clock-text.ts'

const minute = 60_000_000

describe('clockText', () => {
  it('shows tenths, hours only where there are any', () => {
    expect(clockText(12_345_678, 2 * minute)).toBe('00:12.3')
    expect(clockText(62_000_000, 2 * minute)).toBe('01:02.0')
    expect(clockText(60 * minute + 12_300_000, 61 * minute)).toBe('1:00:12.3')
  })
  it('shows milliseconds of a short run', () => {
    expect(clockText(1_234_567, 9_999_999)).toBe('00:01.234')
    expect(clockText(0, 0)).toBe('00:00.000')
  })
  it('never shows an instant that has not come', () => {
    expect(clockText(59_999_999, minute)).toBe('00:59.9')
  })
})
