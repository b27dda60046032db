import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from './disk.ts'
import { findWorkspace, walkWorkspace } from './workspace.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-workspace-')))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), '')
  }
}

describe('the workspace of a path', () => {
  it.each([
    ['a folder of its own', [], 'a/b', 'a/b', null],
    ['the file’s own folder', ['a/b/x.dag.yaml'], 'a/b/x.dag.yaml', 'a/b', 'x.dag.yaml'],
    [
      'the nearest with a configuration',
      ['dagwright.yaml', 'a/dagwright.yaml', 'a/b/x.dag.yaml'],
      'a/b/x.dag.yaml',
      'a',
      'b/x.dag.yaml',
    ],
    ['the nearest with a state folder', ['dagwright.yaml', 'a/.dagwright/runs/x'], 'a/b', 'a', null],
    ['itself where it is marked', ['a/b/dagwright.yaml', 'a/dagwright.yaml'], 'a/b', 'a/b', null],
  ])('is %s', async (_name, files, path, root, file) => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true })
    await put(...files)
    expect(await findWorkspace(nodeDisk, join(folder, path))).toEqual({ root: join(folder, root), file })
  })

  it('is a real path, whatever link led there', async () => {
    await put('real/x.dag.yaml')
    await symlink(join(folder, 'real'), join(folder, 'link'))
    expect(await findWorkspace(nodeDisk, join(folder, 'link', 'x.dag.yaml'))).toEqual({
      root: join(folder, 'real'),
      file: 'x.dag.yaml',
    })
  })

  it('needs something there', async () => {
    await expect(findWorkspace(nodeDisk, join(folder, 'none'))).rejects.toMatchObject({
      data: { code: 'NOT_FOUND', where: join(folder, 'none') },
    })
  })
})

describe('pipeline files', () => {
  it('are found in the folders a person would put them in, sorted', async () => {
    await put(
      'b.dag.yaml',
      'a/c.dag.yaml',
      'a/deep/d.dag.yaml',
      'x.yaml',
      'dag.yaml',
      'rush.plan.yaml',
      'a/b.plan.yaml',
    )
    await put(
      'node_modules/m.dag.yaml',
      '.git/g.dag.yaml',
      '.dagwright/runs/p/r/spec.dag.yaml',
      'a/node_modules/m.dag.yaml',
    )
    const walked = await walkWorkspace(nodeDisk, folder)
    expect(walked.pipelineFiles).toEqual(['a/c.dag.yaml', 'a/deep/d.dag.yaml', 'b.dag.yaml'])
    expect(walked.planFiles).toEqual(['a/b.plan.yaml', 'rush.plan.yaml'])
    expect(walked.capped).toBe(false)
    expect(walked.folders).toEqual([folder, join(folder, 'a'), join(folder, 'a', 'deep')])
  })

  it('are not looked for through linked folders, so that a circle of links ends', async () => {
    await put('a/x.dag.yaml', 'elsewhere/y.txt')
    await symlink(folder, join(folder, 'a', 'up'))
    await symlink(join(folder, 'a', 'x.dag.yaml'), join(folder, 'linked.dag.yaml'))
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling.dag.yaml'))
    expect((await walkWorkspace(nodeDisk, folder)).pipelineFiles).toEqual(['a/x.dag.yaml', 'linked.dag.yaml'])
  })

  it('are looked for only so deep', async () => {
    await put(`${'d/'.repeat(30)}x.dag.yaml`)
    const walked = await walkWorkspace(nodeDisk, folder)
    expect(walked.pipelineFiles).toEqual([])
    expect(walked.capped).toBe(true)
  })

  it('are as many as there are, up to a number', async () => {
    await Promise.all(Array.from({ length: 1010 }, (_, at) => put(`p${at}.dag.yaml`)))
    const walked = await walkWorkspace(nodeDisk, folder)
    expect(walked.pipelineFiles).toHaveLength(1000)
    expect(walked.capped).toBe(true)
  })
})
