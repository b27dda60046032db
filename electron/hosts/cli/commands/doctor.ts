import { JSON_FLAG } from '../choose.ts'
import { BAD_INPUT, type Command, DONE } from '../command.ts'
import { openPath, withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

const LOOK = {
  ok: { word: '✓ ok', style: 'green' },
  warning: { word: '! note', style: 'yellow' },
  missing: { word: '✗ missing', style: 'red' },
} as const

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Tell what this machine lacks for running pipelines',
  positionals: ['[PATH]'],
  flags: { json: JSON_FLAG },
  details: ['PATH: also look at that workspace. It ends with 2 if something is missing.'],
  json: ['[{ id, title, status: ok|warning|missing, detail, next }]'],
  examples: ['dagwright doctor', 'dagwright doctor . --json'],
  run: (args, io) =>
    withHost('dagwright doctor', io, async (client) => {
      const path = args.positional(0)
      const workspace = path === undefined ? null : (await openPath(client, io.folder, path)).workspace.root
      const items = await client.app.doctor({ workspace })
      if (args.has('json')) {
        io.out.line(JSON.stringify(items, null, 2))
      } else {
        const rows = items.map((item) => {
          const { word, style } = LOOK[item.status]
          return [io.out.paint(style, word), item.title, plainText(item.detail)]
        })
        const lines = table(rows)
        items.forEach((item, index) => {
          io.out.line(lines[index])
          if (item.next) io.out.line(`    ${item.next}`)
        })
      }
      return items.some((item) => item.status === 'missing') ? BAD_INPUT : DONE
    }),
}
