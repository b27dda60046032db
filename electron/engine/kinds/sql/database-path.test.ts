import { expect, test } from 'vitest'
import type { SqlTask } from '#shared/model/pipeline.ts'
import { maskedTexts } from '../../attempt-context.ts'
import type { AttemptContext } from '../../runner.ts'
import { targetOf } from './database-path.ts'

const PASSWORD = "p'a ss\\w%/:@?&=é"

function postgres(url: string) {
  const context = {
    cwd: '/work',
    stateFolder: '/state',
    pipelineId: 'p',
    workspaceRoot: '/work',
    config: { connections: new Map([['shop', { type: 'postgres', url, secret: 'PASSWORD' }]]) },
    secret: () => PASSWORD,
  } as unknown as AttemptContext
  const task = { database: null, connection: 'shop' } as unknown as SqlTask
  const target = targetOf(task, context)
  if (!target.ok || target.attach === null) throw new Error('There is no target.')
  return { url: target.attach.url, masked: maskedTexts(target.secrets) }
}

// The password as libpq reads it: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
const inAddress = (url: string) => new URL(url).searchParams.get('password')
const inPairs = (url: string) => / password='((?:\\.|[^'\\])*)'$/.exec(url)?.[1]?.replaceAll(/\\(.)/g, '$1')

test.each([
  ['postgresql://me@db:5433/shop', inAddress],
  ['postgres://me@db/shop?sslmode=require', inAddress],
  ['postgresql:///shop?host=/var/run/postgresql&user=me', inAddress],
  ['host=db user=me dbname=shop', inPairs],
])('the password of %s arrives, and is masked as it stands there', (url, read) => {
  const target = postgres(url)
  expect(target.url.startsWith(url)).toBe(true)
  expect(read(target.url)).toBe(PASSWORD)
  const shown = target.masked.reduce((text, secret) => text.replaceAll(secret, '***'), target.url)
  expect(shown).toMatch(/password='?\*\*\*'?$/)
})
