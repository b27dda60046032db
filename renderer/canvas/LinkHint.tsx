import { useConnection, useStore } from '@xyflow/react'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { adviceOfLink } from '#shared/model/check-advice.ts'
import { wouldCloseCycle } from '#shared/model/edit-dependency.ts'
import { activeDocument } from '../state/documents.ts'
import { Message } from '../ui/Message.tsx'
import styles from './LinkHint.module.css'
import { nodeKind } from './nodeId.ts'
import { type Graph, nodeAt, nodeBox } from './paint/graph.ts'

/** Pixels; no hint is wider. */
const WIDTH = 320

interface Hint {
  readonly tone: 'refused' | 'advice'
  readonly text: string
  readonly next: string
}

/** What a link that is being drawn would do if it were dropped where the pointer is. */
export function LinkHint({ graph }: { readonly graph: Graph }) {
  const link = useConnection((connection) => {
    if (!connection.inProgress) return null
    const { fromNode, fromHandle, toNode, to } = connection
    const over = toNode?.id ?? nodeAt(graph, [to.x, to.y])
    if (over === null || over === fromNode.id || nodeKind(over).kind !== 'tasks') return null
    return fromHandle.type === 'target' ? `${over}\n${fromNode.id}\n${over}` : `${fromNode.id}\n${over}\n${over}`
  })
  return link === null ? null : <HintAt graph={graph} link={link} />
}

interface HintAtProps {
  readonly graph: Graph
  /** Its ends, and which of them the pointer is over. */
  readonly link: string
}

/** By itself: only while a link is drawn does it follow the view. */
function HintAt({ graph, link }: HintAtProps) {
  const [from = '', to = '', over = ''] = link.split('\n')
  const hint = useMemo(() => hintOf(from, to), [from, to])
  const [x, y, zoom] = useStore((state) => state.transform)
  const width = useStore((state) => state.width)
  const box = nodeBox(graph, over)
  if (!hint || !box) return null
  const Icon = hint.tone === 'refused' ? CircleAlert : TriangleAlert
  return (
    <div
      role="status"
      className={styles.hint}
      data-tone={hint.tone}
      style={{ left: Math.max(0, Math.min(box.x * zoom + x, width - WIDTH)), top: (box.y + box.height) * zoom + y }}
    >
      <Icon size={15} aria-hidden />
      <div>
        <p>
          <Message text={hint.text} />
        </p>
        <p className={styles.next}>
          <Message text={hint.next} />
        </p>
      </div>
    </div>
  )
}

function hintOf(from: string, to: string): Hint | null {
  const document = activeDocument()?.document
  if (!document?.pipeline) return null
  const cycle = wouldCloseCycle(document, from, to)
  if (cycle) {
    const around = [from, ...cycle.slice(0, -1)].join(' → ')
    return { tone: 'refused', text: `This link would close a cycle: ${around}`, next: 'It cannot be dropped here.' }
  }
  const [advice] = adviceOfLink(document.pipeline, from, to)
  return advice
    ? { tone: 'advice', text: advice.message, next: `${advice.hint} A click does that once the link is dropped.` }
    : null
}
