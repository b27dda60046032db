import { describe, expect, it } from 'vitest'
import { hintOf } from './hints.ts'

describe('hintOf', () => {
  it('finds the words of the file format at any depth', () => {
    expect(hintOf(['tasks', 'a'], ['timeout'])).toContain('one attempt')
    expect(hintOf(['tasks', 'a'], ['retries', 'delay'])).toContain('first retry')
    expect(hintOf(['tasks', 'a'], ['severity'])).toContain('warn')
    expect(hintOf([], ['schedule', 'cron'])).toContain('minute')
    expect(hintOf(['params', 'x'], ['minimum'])).toContain('Smallest')
    expect(hintOf([], ['nothing'])).toBeUndefined()
  })
})
