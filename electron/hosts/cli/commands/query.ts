import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { JOURNAL_TABLES } from '#shared/analysis/journal-tables.ts'
import type { QueryResult } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { openWorkspace, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

const DEFAULT_LIMIT = 1000

export const queryCommand: Command = {
  name: 'query',
  summary: 'Ask the journals of a workspace with SQL',
  positionals: ['SQL'],
  flags: {
    file: { type: 'boolean', short: 'f', help: 'SQL names a file that holds the query; `-`: standard input' },
    limit: { type: 'string', short: 'n', value: 'N', help: `At most so many rows; default: ${DEFAULT_LIMIT}` },
    runs: { type: 'string', value: 'N', help: 'Look at the last N runs; default: 500' },
    workspace: WORKSPACE_FLAG,
    json: { type: 'boolean', help: 'Print a JSON list of rows' },
    csv: { type: 'boolean', help: 'Print CSV (RFC 4180) with a head line' },
  },
  details: [
    'One statement of DuckDB SQL that reads; nothing but these tables can be reached. Times are in UTC, durations in',
    'seconds, amounts of data in bytes.',
    ...JOURNAL_TABLES.flatMap(({ name, description, columns }) => [
      '',
      `${name}: ${description}`,
      ...columns.map((column) => `  ${column.name.padEnd(14)}${column.type.padEnd(11)}${column.description}`),
    ]),
  ],
  json: ['[{ COLUMN: value, … }], a row each'],
  examples: [
    'dagwright query "select task, median(work) from tasks where origin = \'executed\' group by 1 order by 2 desc"',
    'dagwright query "select * from attempts where state = \'failed\' order by started_at desc" --csv',
  ],
  async run(args, io) {
    if (args.has('json') && args.has('csv')) throw new UsageError('--json and --csv exclude each other.', 'Give one.')
    const given = args.positional(0)!
    const sql = args.has('file') ? await queryIn(given, io) : given
    const limit = args.number('limit', 1) ?? DEFAULT_LIMIT
    const runs = args.number('runs', 1)
    const result = await withHost('dagwright query', io, async (client) => {
      const workspace = (await openWorkspace(client, io, args.text('workspace'))).root
      return client.history.query({ workspace, sql, limit, ...(runs === undefined ? {} : { runs }) })
    })
    if (args.has('json')) printJson(io, result)
    else if (args.has('csv')) printCsv(io, result)
    else printTable(io, result)
    if (result.truncated) io.err.line(`Only the first ${limit} rows; --limit takes more.`)
    return DONE
  },
}

async function queryIn(path: string, io: Terminal): Promise<string> {
  if (path === '-') return textOf(process.stdin)
  return readFile(resolve(io.folder, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AppError({
      code: error.code === 'ENOENT' ? 'NOT_FOUND' : 'IO_ERROR',
      message: `${path} cannot be read (${error.code}).`,
      where: path,
      next: 'Choose another file, or give the query itself without --file.',
    })
  })
}

/** Of two columns with one name the later keeps it in JSON, as in most programs. */
function printJson(io: Terminal, { columns, rows }: QueryResult): void {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])))
  io.out.line(JSON.stringify(objects, null, 2))
}

function printCsv(io: Terminal, { columns, rows }: QueryResult): void {
  const line = (cells: readonly string[]) =>
    `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
  io.out.write(line(columns.map((column) => column.name)))
  for (const row of rows) io.out.write(line(row.map((value) => (value === null ? '' : cellText(value)))))
}

function printTable(io: Terminal, { columns, rows }: QueryResult): void {
  const head = columns.map((column) => io.out.paint('dim', plainText(column.name)))
  const body = rows.map((row) => row.map((value) => (value === null ? io.out.paint('dim', '–') : shown(value))))
  const numbers = columns.flatMap(({ type }, at) => (/INT|DOUBLE|FLOAT|DECIMAL/.test(type) ? [at] : []))
  for (const line of table([head, ...body], new Set(numbers))) io.out.line(line)
  if (rows.length === 0) io.err.line('No rows.')
}

function shown(value: Json): string {
  return plainText(cellText(value).replaceAll('\n', ' '))
}

function cellText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
