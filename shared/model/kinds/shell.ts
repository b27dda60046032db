import { z } from 'zod'
import { code } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const shellKind = {
  description: 'Runs a shell script.',
  codeField: 'run',
  fields: {
    run: code('the script to run'),
    shell: z
      .enum(['bash', 'sh', 'powershell', 'cmd'], { error: 'must be bash, sh, powershell or cmd' })
      .optional()
      .meta({ description: 'Default: bash where there is one, else sh; PowerShell on Windows.' }),
  },
} as const satisfies KindModel
