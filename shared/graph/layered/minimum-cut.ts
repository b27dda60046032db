/** Finds the set of nodes that costs least. */
export interface MinimumCut {
  clear(): void
  /** What it costs, or gains where negative, to have a node in the set. */
  charge(node: number, cost: number): void
  /** The price, at least 0, of a set with `node` but without `other`; infinite: there is no such set. */
  bind(node: number, other: number, price: number): void
  /** Finds the set, of several the smallest. Returns its cost: 0 for the empty one, else less. */
  solve(): number
  /** Whether the set that was found holds this node. */
  holds(node: number): boolean
}

/** Less room than this in an arc is rounding. */
const NO_ROOM = 1e-9

/** Dinic, "Algorithm for solution of a problem of maximum flow in networks" (1970), on arcs in linked lists. */
export function createMinimumCut(size: number, mostBonds: number): MinimumCut {
  const [source, sink] = [size, size + 1]
  const mostArcs = 2 * (mostBonds + size)
  const cost = new Float64Array(size)
  const head = new Int32Array(size + 2)
  const next = new Int32Array(mostArcs)
  const to = new Int32Array(mostArcs)
  const room = new Float64Array(mostArcs)
  const level = new Int32Array(size + 2)
  const current = new Int32Array(size + 2)
  const queue = new Int32Array(size + 2)
  const path = new Int32Array(size + 2)
  let arcs = 0

  const add = (from: number, target: number, capacity: number) => {
    to[arcs] = target
    room[arcs] = capacity
    next[arcs] = head[from]!
    head[from] = arcs++
  }
  /** An arc and, right behind it, the way back. */
  const connect = (from: number, target: number, capacity: number) => {
    add(from, target, capacity)
    add(target, from, 0)
  }
  const findLevels = (): boolean => {
    level.fill(-1)
    level[source] = 0
    queue[0] = source
    for (let read = 0, end = 1; read < end; read++) {
      const node = queue[read]!
      for (let arc = head[node]!; arc >= 0; arc = next[arc]!) {
        if (room[arc]! <= NO_ROOM || level[to[arc]!]! >= 0) continue
        level[to[arc]!] = level[node]! + 1
        queue[end++] = to[arc]!
      }
    }
    return level[sink]! >= 0
  }
  /** Sends what the path has room for; returns how much of the path is left before its first full arc. */
  const send = (length: number) => {
    let flow = Number.POSITIVE_INFINITY
    for (let index = 0; index < length; index++) flow = Math.min(flow, room[path[index]!]!)
    let left = length
    for (let index = length - 1; index >= 0; index--) {
      const arc = path[index]!
      room[arc]! -= flow
      room[arc ^ 1]! += flow
      if (room[arc]! <= NO_ROOM) left = index
    }
    return { flow, left }
  }
  const fillLevels = (): number => {
    let total = 0
    let length = 0
    let node = source
    current.set(head)
    for (;;) {
      if (node === sink) {
        const { flow, left } = send(length)
        total += flow
        length = left
        node = to[path[left]! ^ 1]!
      }
      let arc = current[node]!
      while (arc >= 0 && (room[arc]! <= NO_ROOM || level[to[arc]!]! !== level[node]! + 1)) arc = next[arc]!
      current[node] = arc
      if (arc >= 0) {
        path[length++] = arc
        node = to[arc]!
      } else if (length === 0) {
        return total
      } else {
        level[node] = -1
        node = to[path[--length]! ^ 1]!
      }
    }
  }
  return {
    clear() {
      cost.fill(0)
      head.fill(-1)
      arcs = 0
    },
    charge(node, own) {
      cost[node]! += own
    },
    bind(node, other, price) {
      if (price > 0) connect(node, other, price)
    },
    solve() {
      let total = 0
      cost.forEach((own, node) => {
        if (own > 0) connect(node, sink, own)
        if (own >= 0) return
        connect(source, node, -own)
        total += own
      })
      while (findLevels()) total += fillLevels()
      return total
    },
    holds: (node) => level[node]! >= 0,
  }
}
