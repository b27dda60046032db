import { z } from 'zod'
import type { Language } from '../../expression/code.ts'
import type { ShellTask } from '../pipeline.ts'
import { textOf } from '../reading.ts'
import { code } from './fields.ts'
import type { KindModel } from './kind-model.ts'

const SHELLS = ['bash', 'sh', 'powershell', 'cmd'] as const

export const shellKind = {
  description: 'Runs a shell script.',
  codeField: 'run',
  firstCode: 'echo "Hello from $DAGWRIGHT_TASK_ID"\n',
  fields: {
    run: code('the script to run'),
    shell: z
      .enum(SHELLS, { error: 'must be bash, sh, powershell or cmd' })
      .optional()
      .meta({ description: 'Default: bash where there is one, else sh; PowerShell on Windows.' }),
  },
  read: (fields) => ({
    kind: 'shell',
    run: textOf(fields.run) ?? '',
    shell: SHELLS.find((name) => name === fields.shell) ?? null,
  }),
  texts: ({ run, shell }) => [{ path: ['run'], text: run, language: languageOf(shell, false) }],
  code: ({ run, shell }, render, windows) => {
    const language = languageOf(shell, windows)
    return { language, ...render.code(language, run) }
  },
  work: ({ shell }) => ({ shell }),
} as const satisfies KindModel<ShellTask>

function languageOf(shell: ShellTask['shell'], windows: boolean): Language {
  if (shell === 'powershell' || (shell === null && windows)) return 'powershell'
  return shell === 'cmd' ? 'cmd' : 'shell'
}
