import { ViewportPortal } from '@xyflow/react'
import { memo } from 'react'
import { type ChainLine, labelBox, linkSentence } from './chain.ts'
import { curvePoint } from './paint/curve.ts'
import styles from './Stage.module.css'

/** More of them would say nothing to who hears them one after the other; the panel lists all. */
const MOST = 200

/** Under the painted labels of the realized path: a tip for each, and its sentence for those who do not see it. */
export const ChainMarks = memo(function ChainMarks({ lines }: { readonly lines: readonly ChainLine[] }) {
  return (
    <ViewportPortal>
      {lines.slice(0, MOST).map(({ link, curve }) => {
        const { x, y, width, height } = labelBox(curvePoint(curve, 0.5))
        return (
          <div
            key={`${link.from}\n${link.to}\n${link.cause}\n${link.pool}`}
            role="img"
            aria-label={`Realized path: ${linkSentence(link)}`}
            title={linkSentence(link)}
            className={styles.chainMark}
            style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
          />
        )
      })}
    </ViewportPortal>
  )
})
