/**
 * Who speaks on a connection. Set by the host that accepted it, never by the caller's input, so that a page can't
 * claim to be a person at a terminal.
 */
export interface Caller {
  /**
   * A person typed `dagwright run FILE` at a terminal of this machine: that is consent for the run it names. Everything
   * else needs a trusted workspace.
   */
  readonly typedByPerson: boolean
}

export const PAGE: Caller = { typedByPerson: false }
export const TERMINAL: Caller = { typedByPerson: true }
