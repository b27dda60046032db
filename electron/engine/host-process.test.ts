import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Takes every descriptor there is, then starts a host. */
const PROGRAM = `
import { openSync } from 'node:fs'
import { HostProcess } from '${join(import.meta.dirname, 'host-process.ts')}'
process.stdout.write('')
try { for (;;) openSync('/dev/null') } catch {}
const command = { execPath: process.execPath, entry: 'never', environment: process.env, line: process.argv[1] }
const host = new HostProcess(command, []).listen(() => {}, (complaint) => process.stdout.write('ended: ' + complaint + '\\n'))
host.send({ type: 'hello' })
host.word(1)
await host.close()
host.kill()
process.stdout.write('closed')
`

test.runIf(process.platform !== 'win32').each(['words', 'frames'])(
  'where no descriptor is left for a host with %s, it ends with the reason',
  async (line) => {
    const script = 'ulimit -n 60 && exec "$0" --input-type=module -e "$1" "$2"'
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script, process.execPath, PROGRAM, line], {
      cwd: join(import.meta.dirname, '../..'),
    })
    expect(stdout).toMatch(/^ended: spawn .*EMFILE\nclosed$/)
  },
)
