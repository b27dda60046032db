import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scopeOf } from './scope.testing.ts'
import { renderUrl } from './url.ts'

const render = (source: string, params: Record<string, string | number>) => renderUrl(source, scopeOf(params))

test.each([
  ['${{ params.base }}/items', { base: 'https://a.example:8080/v1' }, 'https://a.example:8080/v1/items'],
  ['http://${{ params.host }}/x', { host: 'localhost:1' }, 'http://localhost:1/x'],
  ['http://h/${{ params.path }}/x', { path: 'a b/c?d' }, 'http://h/a%20b/c%3Fd/x'],
  ['http://h/?q=${{ params.q }}&n=${{ params.n }}', { q: 'a&b=/c#%', n: 5 }, 'http://h/?q=a%26b%3D%2Fc%23%25&n=5'],
  ['${{ params.base }}&q=${{ params.q }}', { base: 'http://h/?a=1', q: '&' }, 'http://h/?a=1&q=%26'],
])('%s', (source, params, expected) => {
  expect(render(source, params)).toEqual({ ok: true, value: expected })
})

test('whatever stands after the question mark arrives as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (q) => {
      fc.pre(q.isWellFormed())
      const url = render('http://h/?before=1&q=${{ params.q }}&after=2', { q })
      const parameters = new URL(url.ok ? url.value : '').searchParams
      expect([...parameters]).toEqual([
        ['before', '1'],
        ['q', q],
        ['after', '2'],
      ])
    }),
  )
})

test('half a surrogate pair is refused', () => {
  expect(render('http://h/?q=${{ params.q }}', { q: '\ud800' })).toMatchObject({
    ok: false,
    findings: [{ code: 'EXPRESSION_SURROGATE' }],
  })
})
