import { z } from 'zod'
import { envField, textField, wholeNumber } from '../field-schema.ts'
import { code } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const httpKind = {
  description: 'Calls an HTTP address.',
  codeField: 'url',
  fields: {
    url: code('the address to call'),
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], {
        error: 'must be GET, POST, PUT, PATCH, DELETE or HEAD',
      })
      .optional()
      .meta({ description: 'Default: GET.' }),
    headers: envField.optional().meta({ description: 'Request headers; values may hold ${{ }}.' }),
    body: textField.optional().meta({ description: 'Request body; may hold ${{ }}.' }),
    expect: z
      .union(
        [
          wholeNumber(100, 'must be a status code'),
          z.array(wholeNumber(100, 'must be a status code'), { error: 'must be a list of status codes' }),
        ],
        { error: 'must be a status code, or a list such as [200, 204]' },
      )
      .optional()
      .meta({ description: 'Status codes that mean success. Default: every 2xx.', examples: [200, [200, 204]] }),
    outputs: z
      .record(z.string(), textField, { error: 'must map names to expressions over `response`' })
      .optional()
      .meta({
        description:
          'Name to expression over `response`: its `status`, `headers`, `body` (a text) and `json` (the body read as JSON).',
        examples: [{ id: 'response.json.id' }],
      }),
  },
} as const satisfies KindModel
