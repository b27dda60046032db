import { FileDiff } from 'lucide-react'
import { useMemo, useState } from 'react'
import { type DifferenceLine, lineDifference } from '#shared/model/line-difference.ts'
import { isSameMeaning } from '#shared/model/pipeline-difference.ts'
import { unplacedText } from '#shared/model/unplaced-text.ts'
import { Changes } from '../runs/ChangesPanel.tsx'
import { useActiveDocument } from '../state/documents.ts'
import { type BaseVersion, compareWithVersion, useVersions, type VersionDifference } from '../state/versions.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Select } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { sideBySide } from './sideBySide.ts'
import styles from './VersionPanel.module.css'

type Shown = 'meaning' | 'text' | 'beside'

const BASES: readonly { readonly value: BaseVersion; readonly label: string }[] = [
  { value: 'saved', label: 'Since it was saved' },
  { value: 'run', label: 'Since the chosen run' },
  { value: 'disk', label: 'Since the file changed on disk' },
]
const SHOWN: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'meaning', label: 'Task by task' },
  { value: 'text', label: 'Text' },
  { value: 'beside', label: 'Text side by side' },
]

/** The open text against an earlier version of it. */
export function VersionPanel() {
  const { base, found, missing } = useVersions()
  const [shown, setShown] = useState<Shown>('meaning')
  const [places, setPlaces] = useState(false)
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <Select value={base} options={BASES} onChange={compareWithVersion} label="Compare with" size="small" />
        <Select value={shown} options={SHOWN} onChange={setShown} label="Show differences as" size="small" />
        {shown !== 'meaning' && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the switch is the control
          <label className={styles.places}>
            <Switch checked={places} onChange={setPlaces} label="With places on the canvas" />
            With places
          </label>
        )}
        <span className={styles.sum}>{found && sumOf(found)}</span>
      </header>
      {found === null ? (
        <EmptyState icon={FileDiff} title="Nothing to compare with">
          {missing}
        </EmptyState>
      ) : shown === 'meaning' ? (
        <Meaning found={found} />
      ) : (
        <TextDifference found={found} places={places} beside={shown === 'beside'} />
      )}
    </div>
  )
}

function sumOf({ difference }: VersionDifference): string {
  const count = (change: string) => difference.tasks.filter((task) => task.change === change).length
  const parts = [
    [count('added'), 'added'],
    [count('changed'), 'changed'],
    [count('removed'), 'removed'],
    [difference.moved.length, 'moved'],
  ] as const
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ')
}

function Meaning({ found: { difference } }: { readonly found: VersionDifference }) {
  if (isSameMeaning(difference)) {
    return (
      <EmptyState icon={FileDiff} title="Both versions mean the same">
        {difference.moved.length > 0 ? 'Only places on the canvas differ.' : 'They may differ in comments or spacing.'}
      </EmptyState>
    )
  }
  const { tasks, pipeline } = difference
  return <Changes changes={{ tasks, pipeline, params: [], inputs: [], programs: [] }} />
}

interface TextDifferenceProps {
  readonly found: VersionDifference
  readonly places: boolean
  readonly beside: boolean
}

const CONTEXT = 3

function TextDifference({ found, places, beside }: TextDifferenceProps) {
  const document = useActiveDocument()?.document
  const lines = useMemo(() => {
    if (!document) return []
    return places
      ? lineDifference(found.earlier.text, document.text, CONTEXT)
      : lineDifference(unplacedText(found.earlier), unplacedText(document), CONTEXT)
  }, [document, found, places])
  if (lines.length === 0) {
    return (
      <EmptyState icon={FileDiff} title="The texts are the same">
        {places ? null : 'Places on the canvas aside.'}
      </EmptyState>
    )
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className={styles.lines} tabIndex={0} aria-label="Differing lines">
      {beside ? <Beside lines={lines} /> : <Inline lines={lines} />}
    </section>
  )
}

const SIGNS = { same: ' ', removed: '−', added: '+', skip: '' }
const NAMES = { same: '', removed: 'Removed: ', added: 'Added: ', skip: '' }

function Line({ line }: { readonly line: DifferenceLine | null }) {
  if (line === null) return <span className={styles.line} data-sign="none" />
  const { sign, text } = line
  return (
    <span className={styles.line} data-sign={sign}>
      <span aria-hidden className={styles.sign}>
        {SIGNS[sign]}
      </span>
      {NAMES[sign] && <span className="visually-hidden">{NAMES[sign]}</span>}
      {sign === 'skip' ? `${text} equal ${text === '1' ? 'line' : 'lines'}` : text}
    </span>
  )
}

function Inline({ lines }: { readonly lines: readonly DifferenceLine[] }) {
  return lines.map((line, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
    <Line key={at} line={line} />
  ))
}

function Beside({ lines }: { readonly lines: readonly DifferenceLine[] }) {
  return (
    <div>
      {sideBySide(lines).map(({ before, after }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
        <div key={at} className={styles.pair}>
          <Line line={before} />
          <Line line={after} />
        </div>
      ))}
    </div>
  )
}
