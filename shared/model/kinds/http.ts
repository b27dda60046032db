import { z } from 'zod'
import { envField, textField, wholeNumber } from '../field-schema.ts'
import type { HttpTask, Json } from '../pipeline.ts'
import { oneOf, textMapOf, textOf } from '../reading.ts'
import { code } from './fields.ts'
import type { KindModel, TaskText } from './kind-model.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

export const httpKind = {
  description: 'Calls an HTTP address.',
  codeField: 'url',
  firstCode: 'http://localhost:8080/',
  fields: {
    url: code('the address to call'),
    method: z
      .enum(METHODS, {
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
  read: (fields) => ({
    kind: 'http',
    method: oneOf(fields.method, METHODS, 'GET'),
    url: textOf(fields.url) ?? '',
    headers: textMapOf(fields.headers),
    body: textOf(fields.body) ?? null,
    expect: statusesOf(fields.expect),
  }),
  texts: ({ url, headers, body, outputs }) => [
    { path: ['url'], text: url },
    ...[...headers].map(([name, text]): TaskText => ({ path: ['headers', name], text })),
    { path: ['body'], text: body },
    ...[...outputs].map(([name, text]): TaskText => ({ path: ['outputs', name], text, allows: 'response' })),
  ],
  faults: ({ id, url, method, body }) => [
    // What an expression begins is only known in a run.
    ...(url.trim() === '' || /^\s*(?:https?:\/\/|\$\{\{)/i.test(url)
      ? []
      : [
          {
            code: 'BAD_ADDRESS',
            field: 'url',
            message: `The address of ${id} must begin with http:// or https://.`,
            hint: /^[\w.-]+\.\w+(?:[:/?#]|$)|^localhost\b/.test(url)
              ? `Write \`http://${url}\`.`
              : 'Write the whole address.',
          },
        ]),
    ...(body !== null && body !== '' && (method === 'GET' || method === 'HEAD')
      ? [
          {
            code: 'BODY_OF_GET',
            field: 'body',
            message: `A ${method} request has no body.`,
            hint: 'Remove the body, or choose another method, such as POST.',
          },
        ]
      : []),
  ],
  code: (task, render) => {
    const headers = [...task.headers].map(([name, value]) => `\n${name}: ${render.text(value)}`)
    const body = task.body === null ? '' : `\n\n${render.text(task.body)}`
    return { language: 'text', code: `${task.method} ${render.url(task.url)}${headers.join('')}${body}`, env: {} }
  },
  work: ({ expect }) => ({ expect }),
} as const satisfies KindModel<HttpTask>

function statusesOf(value: Json | undefined): readonly number[] | null {
  if (typeof value === 'number') return [value]
  return Array.isArray(value) ? value.filter((code) => typeof code === 'number') : null
}
