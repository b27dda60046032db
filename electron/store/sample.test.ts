import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from './disk.ts'
import { copySample } from './sample.ts'

const RUN = '.dagwright/runs/flights/20261121T121455Z-k3f9'

describe('copying a sample', () => {
  let folder: string
  let source: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dagwright-sample-'))
    source = join(folder, 'installed')
    await put(source, 'flights.dag.yaml', 'id: flights')
    await put(source, 'data/airports.csv', 'iata\n')
    await put(source, `${RUN}/journal.ndjson`, '{}\n')
    await put(source, '.dagwright/cache/runs.json', '{}')
    await put(folder, 'package/flights.parquet', 'PAR1')
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function put(root: string, path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const parquet = () => [{ from: join(folder, 'package', 'flights.parquet'), to: 'data/raw/flights.parquet' }]

  it('brings its files, its data and its recorded runs, which are kept', async () => {
    const path = await copySample(nodeDisk, source, join(folder, 'Documents', 'Flights'), parquet())
    expect(path).toBe(join(folder, 'Documents', 'Flights'))
    expect(await readFile(join(path, 'flights.dag.yaml'), 'utf8')).toBe('id: flights')
    expect(await readFile(join(path, 'data/raw/flights.parquet'), 'utf8')).toBe('PAR1')
    expect((await readdir(join(path, RUN))).sort()).toEqual(['journal.ndjson', 'keep'])
    expect(await readdir(join(path, '.dagwright'))).toEqual(['runs'])
    expect(await readdir(join(folder, 'Documents'))).toEqual(['Flights'])
  })

  it('never touches what is there', async () => {
    await put(folder, 'Flights/mine.txt', 'mine')
    await mkdir(join(folder, 'Flights 2'))
    expect(await copySample(nodeDisk, source, join(folder, 'Flights'))).toBe(join(folder, 'Flights 3'))
    expect(await readdir(join(folder, 'Flights'))).toEqual(['mine.txt'])
    expect(await readdir(join(folder, 'Flights 2'))).toEqual([])
  })

  it('gives files that can be edited, and are not the installed ones', async () => {
    await chmod(join(source, 'flights.dag.yaml'), 0o444)
    const path = await copySample(nodeDisk, source, join(folder, 'Flights'))
    expect((await stat(join(path, 'flights.dag.yaml'))).mode & 0o200).toBe(0o200)
    await writeFile(join(path, 'flights.dag.yaml'), 'edited')
    expect(await readFile(join(source, 'flights.dag.yaml'), 'utf8')).toBe('id: flights')
  })

  it('that fails half way leaves nothing', async () => {
    const missing = [{ from: join(folder, 'none.parquet'), to: 'data/x.parquet' }]
    await expect(copySample(nodeDisk, source, join(folder, 'Flights'), missing)).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    })
    expect((await readdir(folder)).sort()).toEqual(['installed', 'package'])
  })
})
