import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import styles from './LogsPanel.module.css'
import { LogText } from './LogText.tsx'
import { clockText, type LogLine, type LogMatch } from './log-buffer.ts'

const LINE_HEIGHT = 18
/** Nearer to the end than this counts as being there. */
const END_TOLERANCE = 12

export interface LogViewProps {
  readonly lines: readonly LogLine[]
  /** Changes whenever lines were added. */
  readonly version: number
  readonly wrap: boolean
  /** Milliseconds of the wall clock at the run's epoch; null hides time stamps. */
  readonly epoch: number | null
  readonly matches: readonly LogMatch[]
  readonly current: LogMatch | null
  readonly label: string
  /** Stays at the end while lines come in, until the person scrolls up. */
  readonly live: boolean
}

/** A log's lines, of which only those in view are in the page. */
export function LogView(props: LogViewProps) {
  const { lines, version, wrap, epoch, matches, current, label, live } = props
  const scroll = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version means new lines
  useEffect(() => {
    if (following && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [version, lines.length, following, wrap])
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured sizes belong to one way of wrapping
  useEffect(() => virtualizer.measure(), [wrap])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newly chosen match moves the view
  useEffect(() => {
    if (current === null) return
    setFollowing(false)
    virtualizer.scrollToIndex(current.line, { align: 'center' })
  }, [current])

  const byLine = matchesByLine(matches)
  const watchEnd = () => {
    const element = scroll.current
    if (element === null) return
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < END_TOLERANCE)
  }
  return (
    <div className={styles.body}>
      <section
        ref={scroll}
        className={classes(styles.scroll, wrap && styles.wrap)}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
        tabIndex={0}
        onWheel={(event) => event.deltaY < 0 && setFollowing(false)}
        onKeyDown={(event) => ['ArrowUp', 'PageUp', 'Home'].includes(event.key) && setFollowing(false)}
        onScroll={watchEnd}
      >
        <div className={styles.lines} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (line === undefined) return null
            return (
              <div
                key={item.key}
                data-index={item.index}
                ref={wrap ? virtualizer.measureElement : undefined}
                className={classes(styles.row, line.stream === 'err' && styles.err)}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span className={styles.mark}>
                  {line.stream === 'err' && <span className="visually-hidden">standard error: </span>}
                </span>
                {epoch !== null && <span className={styles.time}>{clockText(epoch + line.t / 1000)}</span>}
                <span className={styles.text}>
                  <LogText line={line} matches={byLine.get(item.index) ?? NO_MATCHES} current={current} />
                </span>
              </div>
            )
          })}
        </div>
      </section>
      {!following && live && (
        <Button className={styles.follow ?? ''} size="small" icon={ArrowDownToLine} onClick={() => setFollowing(true)}>
          Follow the end
        </Button>
      )}
    </div>
  )
}

const NO_MATCHES: readonly LogMatch[] = []

function matchesByLine(matches: readonly LogMatch[]): ReadonlyMap<number, readonly LogMatch[]> {
  const result = new Map<number, LogMatch[]>()
  for (const match of matches) {
    const line = result.get(match.line)
    if (line === undefined) result.set(match.line, [match])
    else line.push(match)
  }
  return result
}
