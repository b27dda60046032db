import { useStore, ViewportPortal } from '@xyflow/react'
import styles from './Guides.module.css'
import type { Guide } from './snapping.ts'

/** What a thing under the pointer stands in line with. */
export function Guides({ guides }: { readonly guides: readonly Guide[] }) {
  const pixel = useStore((state) => 1 / state.transform[2])
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={`${axis}${at}`}
          className={styles.guide}
          style={
            axis === 'x'
              ? { left: at - pixel / 2, top: from, width: pixel, height: to - from }
              : { left: from, top: at - pixel / 2, width: to - from, height: pixel }
          }
        />
      ))}
    </ViewportPortal>
  )
}
