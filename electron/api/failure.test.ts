import { realpath } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { AppError } from '#shared/contract/error.ts'
import { describeFailure } from './failure.ts'

const told = (error: unknown) => {
  const logged: string[] = []
  return { ...describeFailure(error, ['runs', 'start'], (line) => logged.push(line)), logged: logged.length }
}

it('what the disk refused has a place and a next step, what is not expected a number', async () => {
  const missing = await realpath('/no/such/folder').catch((error: unknown) => error)
  expect(told(missing)).toMatchObject({
    code: 'NOT_FOUND',
    message: 'Could not open /no/such/folder: it is not there.',
    where: '/no/such/folder',
    next: expect.any(String),
    logged: 0,
  })
  expect(told(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toMatchObject({ code: 'DISK_FULL', logged: 0 })
  expect(told(new AppError({ code: 'BAD_INPUT', message: 'no' }))).toMatchObject({ code: 'BAD_INPUT', logged: 0 })
  for (const error of [new TypeError('x'), 'text', Object.assign(new Error('x'), { code: 'toString' })]) {
    expect(told(error)).toMatchObject({ code: 'INTERNAL', details: { id: expect.any(String) }, logged: 1 })
  }
})
