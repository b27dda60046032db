import { readFileSync } from 'node:fs'
import type { Micros } from '#shared/model/time.ts'
import { readStat } from './processes.ts'

/** Linux reports CPU time to user space in hundredths of a second (USER_HZ) on every architecture Node runs on. */
const MICROS_PER_TICK = 10_000

const pageSize = findPageSize()

/** Peak memory and CPU time of a process and its descendants, from samples. */
export interface Usage {
  peakMemory: number | null
  cpu: Micros | null
}

/** Takes one sample into `usage`. Does nothing where there is no /proc. */
export function sample(pid: number, usage: Usage): void {
  if (pageSize === null) return
  let pages = 0
  let ticks = 0
  const queue = [pid]
  for (let at = 0; at < queue.length && at < 1000; at += 1) {
    const stat = readStat(queue[at]!)
    if (stat === null) continue
    pages += stat.residentPages
    ticks += stat.cpuTicks
    queue.push(...childrenOf(queue[at]!))
  }
  if (pages === 0) return
  usage.peakMemory = Math.max(usage.peakMemory ?? 0, pages * pageSize)
  usage.cpu = Math.max(usage.cpu ?? 0, ticks * MICROS_PER_TICK)
}

/** Children of the main thread; a kernel without CONFIG_PROC_CHILDREN tells none. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return []
  }
}

/** From this process's own resident size in pages and in bytes, rounded to a power of two. */
function findPageSize(): number | null {
  try {
    const pages = Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1])
    return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages))
  } catch {
    return null
  }
}
