import { describe, expect, it } from 'vitest'
import { queryErrorPlace, queryErrorText } from './query-place.ts'

const SQL = 'select *\nfrom tsks\nwhere 1 = 1'

describe('queryErrorPlace', () => {
  it('finds the word under the caret', () => {
    const message = 'Catalog Error: Table with name tsks does not exist!\n\nLINE 2: from tsks\n             ^'
    const place = queryErrorPlace(SQL, message)!
    expect(SQL.slice(place.start, place.end)).toBe('tsks')
    expect(queryErrorText(message)).toBe('Catalog Error: Table with name tsks does not exist!')
  })

  it('finds it in the quoted part of a long line', () => {
    const line = `select ${'a, '.repeat(60)}wrong from tasks`
    const message = `Binder Error: no\nLINE 1: ...a, a, wrong from tasks\n${' '.repeat('LINE 1: ...a, a, '.length)}^`
    const place = queryErrorPlace(line, message)!
    expect(line.slice(place.start, place.end)).toBe('wrong')
  })

  it('takes the line where the quote does not fit, and nothing where no line is named', () => {
    const place = queryErrorPlace(SQL, 'LINE 3: something else\n               ^')!
    expect(SQL.slice(place.start, place.end)).toBe('where 1 = 1')
    expect(queryErrorPlace(SQL, 'LINE 9: x\n   ^')).toBe(null)
    expect(queryErrorPlace(SQL, 'There is no statement in the query.')).toBe(null)
  })
})
