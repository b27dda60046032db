/** A binary min-heap of numbers; ties need no order because every key is unique. */
export interface KeyHeap {
  keys: Float64Array
  size: number
}

export function createHeap(capacity: number): KeyHeap {
  return { keys: new Float64Array(Math.max(4, capacity)), size: 0 }
}

export function copyHeap(from: KeyHeap): KeyHeap {
  return { keys: from.keys.slice(), size: from.size }
}

export function pushKey(heap: KeyHeap, key: number): void {
  let keys = heap.keys
  if (heap.size === keys.length) {
    keys = new Float64Array(keys.length * 2)
    keys.set(heap.keys)
    heap.keys = keys
  }
  let at = heap.size++
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = keys[parent] as number
    if (above <= key) break
    keys[at] = above
    at = parent
  }
  keys[at] = key
}

/** Takes out the smallest key. The heap must not be empty. */
export function popKey(heap: KeyHeap): number {
  const keys = heap.keys
  const top = keys[0] as number
  const size = --heap.size
  const last = keys[size] as number
  let at = 0
  for (let child = 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child++
    const below = keys[child] as number
    if (below >= last) break
    keys[at] = below
    at = child
  }
  keys[at] = last
  return top
}
