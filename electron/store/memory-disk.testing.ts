import { dirname, join, normalize } from 'node:path'
import type { Disk, DiskFile } from './disk.ts'
import { diskError } from './disk-error.ts'

/**
 * The disk's twin in memory. It knows what is durable: file contents after `sync`, folder entries after `syncFolder`. A
 * `fault` decides before every operation; `crash` loses what was not durable, wholly or in part.
 */
export type Fault = (operation: Operation, path: string, number: number) => 'crash' | 'short' | string | null
export type Operation =
  | 'open'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'rename'
  | 'remove'
  | 'copy'
  | 'makeFolder'
  | 'syncFolder'

interface Content {
  bytes: Buffer
  durable: Buffer
  mode: number
  modifiedAt: number
}
type Node = { readonly kind: 'file'; readonly content: Content } | { readonly kind: 'folder' }

/** What an operation on a disk that has crashed rejects with. */
export class Crashed extends Error {}

export class MemoryDisk implements Disk {
  fault: Fault = () => null
  readOnly = false
  /** How many changing operations there were. */
  operations = 0
  #crashed = false
  #clock = 1_700_000_000_000
  #nodes = new Map<string, Node>([['/', { kind: 'folder' }]])
  #durable = new Map<string, Node>([['/', { kind: 'folder' }]])

  /**
   * The power goes and comes back. `keep(length)` says how much of `length` unsynced bytes or entries made it, in order;
   * default: none.
   */
  crash(keep: (length: number) => number = () => 0): void {
    const entries = new Map(this.#durable)
    const paths = [...new Set([...this.#nodes.keys(), ...entries.keys()])]
    const changed = paths.filter((path) => entries.get(path) !== this.#nodes.get(path))
    for (const path of changed.slice(0, keep(changed.length))) {
      const node = this.#nodes.get(path)
      if (node === undefined) entries.delete(path)
      else if (entries.has(dirname(path))) entries.set(path, node)
    }
    for (const node of entries.values()) if (node.kind === 'file') settleContent(node.content, keep)
    this.#nodes = entries
    this.#durable = new Map(entries)
    this.#crashed = false
    this.fault = () => null
  }

  async open(path: string, how: Parameters<Disk['open']>[1], mode = 0o666): Promise<DiskFile> {
    const at = normalize(path)
    if (how !== 'read') this.#step('open', at)
    let node = this.#nodes.get(at)
    if (node !== undefined && how === 'create') throw diskError({ code: 'EEXIST' }, at, 'open')
    if (node?.kind === 'folder') throw diskError({ code: 'EISDIR' }, at, 'open')
    if (node === undefined) {
      if (how === 'read' || how === 'update') throw diskError({ code: 'ENOENT' }, at, 'open')
      this.#requireFolder(dirname(at))
      const none = Buffer.alloc(0)
      node = { kind: 'file', content: { bytes: none, durable: none, mode, modifiedAt: this.#tick() } }
      this.#nodes.set(at, node)
    }
    return this.#file(at, node.content, how === 'synced')
  }

  async stat(path: string): ReturnType<Disk['stat']> {
    this.#alive()
    const node = this.#nodes.get(normalize(path))
    if (node === undefined) return null
    if (node.kind === 'folder') return { kind: 'folder', size: 0, modifiedAt: 0, mode: 0o755, inode: 0 }
    const { bytes, mode, modifiedAt } = node.content
    return { kind: 'file', size: bytes.length, modifiedAt, mode, inode: 0 }
  }

  async list(folder: string): ReturnType<Disk['list']> {
    const at = normalize(folder)
    this.#requireFolder(at)
    return [...this.#nodes]
      .filter(([path]) => path !== at && dirname(path) === at)
      .map(([path, node]) => ({ name: path.slice(at === '/' ? 1 : at.length + 1), kind: node.kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async makeFolder(path: string): Promise<void> {
    const at = normalize(path)
    if (this.#nodes.get(at)?.kind === 'folder') return
    this.#step('makeFolder', at)
    if (at !== '/') await this.makeFolder(dirname(at))
    this.#nodes.set(at, { kind: 'folder' })
  }

  async remove(path: string): Promise<void> {
    const at = normalize(path)
    this.#step('remove', at)
    for (const one of [...this.#nodes.keys()]) if (one === at || one.startsWith(`${at}/`)) this.#nodes.delete(one)
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [normalize(from), normalize(to)]
    this.#step('rename', target)
    if (!this.#nodes.has(source)) throw diskError({ code: 'ENOENT' }, source, 'write')
    for (const [path, node] of [...this.#nodes]) {
      if (path !== source && !path.startsWith(`${source}/`)) continue
      this.#nodes.delete(path)
      this.#nodes.set(target + path.slice(source.length), node)
    }
  }

  async copy(from: string, to: string): Promise<void> {
    this.#step('copy', normalize(to))
    const node = this.#nodes.get(normalize(from))
    if (node?.kind !== 'file') throw diskError({ code: 'ENOENT' }, from, 'write')
    if (this.#nodes.has(normalize(to))) throw diskError({ code: 'EEXIST' }, to, 'write')
    const content = { ...node.content, durable: Buffer.alloc(0), modifiedAt: this.#tick() }
    this.#nodes.set(normalize(to), { kind: 'file', content })
  }

  async syncFolder(path: string): Promise<void> {
    const at = normalize(path)
    this.#step('syncFolder', at)
    const known = new Set([...this.#nodes.keys(), ...this.#durable.keys()])
    for (const one of known) {
      if (one !== at && dirname(one) !== at) continue
      const node = this.#nodes.get(one)
      if (node === undefined) this.#durable.delete(one)
      else this.#durable.set(one, node)
    }
  }

  async realPath(path: string): Promise<string | null> {
    this.#alive()
    return this.#nodes.has(normalize(path)) ? normalize(path) : null
  }

  async canWrite(path: string): Promise<boolean> {
    return !this.readOnly && this.#nodes.has(normalize(path))
  }

  #file(path: string, content: Content, syncing: boolean): DiskFile {
    const sync = () => {
      this.#step('sync', path)
      content.durable = content.bytes
    }
    return {
      read: async (position, length) => {
        this.#alive()
        return content.bytes.subarray(position, position + length)
      },
      write: async (bytes) => {
        const short = this.#step('write', path, (part) => this.#append(content, bytes.subarray(0, part(bytes.length))))
        const written = short ? Math.max(1, Math.floor(bytes.length / 2)) : bytes.length
        this.#append(content, bytes.subarray(0, written))
        if (syncing) sync()
        return written
      },
      sync: async () => sync(),
      truncate: async (size) => {
        this.#step('truncate', path)
        content.bytes = content.bytes.subarray(0, size)
      },
      size: async () => content.bytes.length,
      close: async () => undefined,
    }
  }

  #append(content: Content, bytes: Uint8Array): void {
    content.bytes = Buffer.concat([content.bytes, bytes])
    content.modifiedAt = this.#tick()
  }

  /** Returns whether a write is to be short. `partly`: what a failing write has done before it fails. */
  #step(operation: Operation, path: string, partly?: (part: (length: number) => number) => void): boolean {
    this.#alive()
    this.operations++
    const fault = this.fault(operation, path, this.operations)
    if (fault === null) {
      if (this.readOnly) throw diskError({ code: 'EROFS' }, path, 'write')
      return false
    }
    if (fault === 'short') return true
    partly?.((length) => Math.floor(length / 3))
    if (fault !== 'crash') throw diskError({ code: fault }, path, 'write')
    this.#crashed = true
    throw new Crashed(`crashed at ${operation} ${path}`)
  }

  #alive(): void {
    if (this.#crashed) throw new Crashed('the disk is gone')
  }

  #requireFolder(path: string): void {
    this.#alive()
    if (this.#nodes.get(path)?.kind !== 'folder') throw diskError({ code: 'ENOENT' }, path, 'open')
  }

  #tick(): number {
    this.#clock += 1
    return this.#clock
  }
}

/** Appended bytes reach the disk in order; a truncation may or may not have. */
function settleContent(content: Content, keep: (length: number) => number): void {
  const { bytes, durable } = content
  const isAppend = bytes.subarray(0, durable.length).equals(durable)
  if (isAppend) content.bytes = bytes.subarray(0, durable.length + keep(bytes.length - durable.length))
  else if (keep(1) === 0) content.bytes = durable
  content.durable = content.bytes
}

/** Reads a file of the twin as text; null where there is none. */
export async function textOn(disk: Disk, ...path: readonly string[]): Promise<string | null> {
  const at = join(...path)
  if ((await disk.stat(at)) === null) return null
  const file = await disk.open(at, 'read')
  return Buffer.from(await file.read(0, await file.size())).toString('utf8')
}
