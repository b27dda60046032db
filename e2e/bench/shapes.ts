/** Graphs that the benchmarks run over: upstreams of every task, by number. */
export type Needs = readonly (readonly number[])[]

export function chain(length: number): Needs {
  return Array.from({ length }, (_, task) => (task === 0 ? [] : [task - 1]))
}

/** One, then `width` that need it, then one that needs them all. */
export function fan(width: number): Needs {
  const middle = Array.from({ length: width }, () => [0])
  return [[], ...middle, Array.from({ length: width }, (_, task) => task + 1)]
}

/** Every task needs three of the layer before it. */
export function layered(layers: number, width: number): Needs {
  return Array.from({ length: layers * width }, (_, task) => {
    const layer = Math.floor(task / width)
    const place = task % width
    if (layer === 0) return []
    return [0, 7, 13].map((offset) => (layer - 1) * width + ((place + offset) % width))
  })
}

/** A pipeline of shell tasks with these dependencies; `fields` of each task in YAML's flow style. */
export function pipelineOf(needs: Needs, slots: number, fields = "shell: sh, run: ':'"): string {
  const tasks = needs.map(
    (own, task) => `  t${task}: { kind: shell, ${fields}, needs: [${own.map((up) => `t${up}`)}] }`,
  )
  return `dagwright: 1\nid: bench\nconcurrency: ${slots}\ntasks:\n${tasks.join('\n')}\n`
}
