import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const TEXT = `dagwright: 1
id: plan   # the plan
tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] } # b's comment
  __proto__: { kind: noop, needs: [a] }
groups:
  g: { name: G, tasks: [b] }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('plan.dag.yaml', TEXT)
  await bench.put(
    'cycle.dag.yaml',
    'dagwright: 1\nid: c\ntasks:\n  x: { kind: noop, needs: [y] }\n  y: { kind: noop, needs: [x] }\n',
  )
  await bench.put('broken.dag.yaml', 'dagwright: 1\nid: [\n')
})
afterAll(() => bench.close())

const nodesOf = (stdout: string) =>
  new Map(Object.entries((JSON.parse(stdout) as { nodes: Record<string, [number, number]> }).nodes))

describe('dagwright layout', () => {
  it('prints corners by id, of cards as large as asked for, and leaves the file alone', async () => {
    const { code, stdout } = await bench.run('layout', 'plan.dag.yaml', '--json', '--node-size', '180x60')
    expect(code).toBe(0)
    const nodes = nodesOf(stdout)
    expect([...nodes.keys()]).toEqual(['a', 'b', '__proto__'])
    expect(nodes.get('b')![0]).toBeGreaterThanOrEqual(nodes.get('a')![0] + 180)
    expect(Math.abs(nodes.get('b')![1] - nodes.get('__proto__')![1])).toBeGreaterThanOrEqual(60)
    expect(await readFile(join(bench.root, 'plan.dag.yaml'), 'utf8')).toBe(TEXT)
  })

  it('leads downwards', async () => {
    const nodes = nodesOf((await bench.run('layout', 'plan.dag.yaml', '--json', '--direction', 'TB')).stdout)
    expect(nodes.get('b')![1]).toBeGreaterThan(nodes.get('a')![1])
  })

  it('lays out with dagre, up to its limit', async () => {
    const nodesBy = async (engine: string, file = 'plan.dag.yaml') =>
      bench.run('layout', file, '--json', '--engine', engine)
    const [own, dagre] = [await nodesBy('dagwright'), await nodesBy('dagre')]
    expect(own.stdout).toBe((await bench.run('layout', 'plan.dag.yaml', '--json')).stdout)
    const nodes = nodesOf(dagre.stdout)
    expect(nodes.size).toBe(3)
    expect(nodes.get('b')![0]).toBeGreaterThan(nodes.get('a')![0])
    expect(dagre.stdout).not.toBe(own.stdout)
    const tasks = Array.from({ length: 601 }, (_, at) => `  t${at}: { kind: noop }\n`)
    await bench.put('large.dag.yaml', `dagwright: 1\nid: l\ntasks:\n${tasks.join('')}`)
    const refused = await nodesBy('dagre', 'large.dag.yaml')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('up to 600 tasks; here are 601')
    expect((await nodesBy('dagwright', 'large.dag.yaml')).code).toBe(0)
  })

  it('draws a cycle, too', async () => {
    const { code, stdout } = await bench.run('layout', 'cycle.dag.yaml', '--json')
    expect(code).toBe(0)
    expect(nodesOf(stdout).size).toBe(2)
  })

  it('stores the places and nothing else; again, and the file stays as it is', async () => {
    const { code, stdout } = await bench.run('layout', 'plan.dag.yaml', '--write', '--json')
    expect(code).toBe(0)
    const written = await readFile(join(bench.root, 'plan.dag.yaml'), 'utf8')
    const lines = [...nodesOf(stdout)].map(([id, [x, y]]) =>
      `  ${id}: [ ${x}, ${y} ]`.replace('[ ', '[').replace(' ]', ']'),
    )
    expect(written).toBe(`${TEXT}canvas:\n${lines.join('\n')}\n`)
    expect((await bench.run('layout', 'plan.dag.yaml', '--write')).code).toBe(0)
    expect(await readFile(join(bench.root, 'plan.dag.yaml'), 'utf8')).toBe(written)
  })

  it('says what is wrong with a size, a direction or a file, and what to do', async () => {
    for (const [args, words] of [
      [['plan.dag.yaml', '--node-size', '180'], '180x60'],
      [['plan.dag.yaml', '--direction', 'up'], 'LR'],
      [['plan.dag.yaml', '--engine', 'dot'], 'dagwright or dagre'],
      [['broken.dag.yaml'], 'dagwright validate'],
    ] as const) {
      const { code, stderr } = await bench.run('layout', ...args)
      expect(code).toBe(2)
      expect(stderr).toContain(words)
    }
  })
})
