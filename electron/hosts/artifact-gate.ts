import { randomBytes } from 'node:crypto'

const REMEMBERED = 500

/**
 * Lets a page of a run (a report) be looked at in the browser without being part of the app: every opening mints a
 * path nobody can guess, which leads to that one file only.
 */
export class ArtifactGate {
  #files = new Map<string, string>()

  /** `path`: absolute. Returns the path part of a URL. */
  publish(path: string): string {
    const key = randomBytes(32).toString('base64url')
    this.#files.set(key, path)
    const oldest = this.#files.size > REMEMBERED ? this.#files.keys().next().value : undefined
    if (oldest !== undefined) this.#files.delete(oldest)
    const name = encodeURIComponent(path.split(/[\\/]/).at(-1) ?? 'file')
    return `/artifact/${key}/${name}`
  }

  /** The absolute path behind a URL's path part, or null. */
  resolve(urlPath: string): string | null {
    const [, folder, key, , ...rest] = urlPath.split('/')
    if (folder !== 'artifact' || key === undefined || rest.length > 0) return null
    return this.#files.get(key) ?? null
  }
}
