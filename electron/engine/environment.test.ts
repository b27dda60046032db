import { expect, test } from 'vitest'
import { allowedEnvironment, attemptVariables } from './environment.ts'

test('only the list passes, whatever else the machine has', () => {
  const machine = {
    PATH: '/bin',
    HOME: '/h',
    LANG: 'C',
    https_proxy: 'p',
    AWS_SECRET: 'no',
    NODE_OPTIONS: 'no',
    TMPDIR: undefined,
  }
  expect(allowedEnvironment(machine, 'linux')).toEqual({ PATH: '/bin', HOME: '/h', LANG: 'C', https_proxy: 'p' })
})

test('Windows has its own names, in any case', () => {
  const machine = { Path: 'C:\\bin', SYSTEMROOT: 'C:\\Windows', AppData: 'x', Secret: 'no' }
  expect(allowedEnvironment(machine, 'win32')).toEqual({ Path: 'C:\\bin', SYSTEMROOT: 'C:\\Windows', AppData: 'x' })
})

test('every attempt is told where it is', () => {
  const facts = {
    run: 'r',
    task: 't',
    index: 3,
    attempt: 2,
    logicalDate: 'd',
    workspace: '/w',
    output: '/s/output',
    scratch: '/s',
  }
  expect(attemptVariables(facts)).toEqual({
    DAGWRIGHT_RUN_ID: 'r',
    DAGWRIGHT_TASK_ID: 't',
    DAGWRIGHT_INDEX: '3',
    DAGWRIGHT_ATTEMPT: '2',
    DAGWRIGHT_LOGICAL_DATE: 'd',
    DAGWRIGHT_WORKSPACE: '/w',
    DAGWRIGHT_OUTPUT: '/s/output',
    DAGWRIGHT_TMP: '/s',
  })
  expect(attemptVariables({ ...facts, index: null }).DAGWRIGHT_INDEX).toBe('')
})
