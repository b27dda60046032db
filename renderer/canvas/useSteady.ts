import { useRef, useState } from 'react'

type Handlers = Readonly<Record<string, (...parameters: never[]) => unknown>>

/**
 * Functions that stay the same from the first render to the last and call the latest of those given. React Flow tells
 * all its nodes of each one that changes, several times in every step of a drag.
 */
export function useSteady<T extends Handlers>(handlers: T): T {
  const latest = useRef<Handlers>(handlers)
  latest.current = handlers
  const [steady] = useState(() => {
    const made = Object.keys(handlers).map((name) => [name, (...own: never[]) => latest.current[name]?.(...own)])
    return Object.fromEntries(made) as T
  })
  return steady
}
