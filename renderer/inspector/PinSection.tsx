import { Pin as PinIcon } from 'lucide-react'
import { useState } from 'react'
import type { Pin } from '#shared/contract/data.ts'
import type { Json, Task } from '#shared/model/pipeline.ts'
import { editPin, pinOutputs, pinRunOutputs, runToPinFrom, unpin, usePin, usePins } from '../state/pins.ts'
import { useRuns } from '../state/runs.ts'
import { Button } from '../ui/Button.tsx'
import styles from './PinSection.module.css'
import { Section } from './Section.tsx'

/** The task's pin: outputs that stand for its own in runs from the app. */
export function PinSection({ task }: { readonly task: Task }) {
  const pin = usePin(task)
  const editing = usePins((state) => state.editing === task.id)
  // Which run outputs can be taken from follows the chosen one.
  useRuns((state) => state.chosen)
  const takeable = runToPinFrom() !== null
  return (
    <Section name="pin" title="Pin" note={pin === null ? 'none' : pinNote(pin)} open={pin !== null} forced={editing}>
      {editing ? (
        <PinForm key={pin?.setAt ?? ''} task={task.id} pin={pin} />
      ) : (
        <>
          {pin === null ? (
            <p className={styles.quiet}>
              A pinned task does not run in runs from the app: its pinned outputs are handed on at once. The command
              line ignores pins unless told <code>--pins</code>.
            </p>
          ) : (
            <textarea
              className={styles.area}
              readOnly
              aria-label={`Pinned outputs of ${task.id}`}
              value={textOf(pin)}
            />
          )}
          <div className={styles.buttons}>
            <Button size="small" icon={PinIcon} disabled={!takeable} onClick={() => void pinRunOutputs(task.id)}>
              Take from the run
            </Button>
            <Button size="small" onClick={() => editPin(task.id)}>
              {pin === null ? 'Write outputs' : 'Edit'}
            </Button>
            {pin !== null && (
              <Button size="small" variant="quiet" onClick={() => void unpin(pin)}>
                Unpin
              </Button>
            )}
          </div>
        </>
      )}
    </Section>
  )
}

function pinNote({ instances, run }: Pin): string {
  const source = run === null ? 'by hand' : `from ${run}`
  return instances === null ? source : `${instances.length} instances, ${source}`
}

function textOf({ outputs, instances }: Pin): string {
  return JSON.stringify(instances ?? outputs, null, 2)
}

function PinForm({ task, pin }: { readonly task: string; readonly pin: Pin | null }) {
  const [text, setText] = useState(pin === null ? '{\n  \n}' : JSON.stringify(pin.outputs, null, 2))
  const reading = readOutputs(text)
  const fault = typeof reading === 'string' ? reading : null
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (typeof reading !== 'string') void pinOutputs(task, reading)
      }}
    >
      <textarea
        className={styles.area}
        aria-label={`Outputs to pin on ${task}, as JSON`}
        aria-invalid={fault !== null || undefined}
        value={text}
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: it opened because the person asked to write
        autoFocus
        onChange={(event) => setText(event.target.value)}
      />
      {fault !== null && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      <div className={styles.buttons}>
        <Button size="small" variant="primary" type="submit" disabled={fault !== null}>
          Pin
        </Button>
        <Button size="small" onClick={() => editPin(null)}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

/** The outputs, or what is wrong with the text. */
function readOutputs(text: string): Readonly<Record<string, Json>> | string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Json>
    return 'Outputs are a JSON object, such as { "rows": 120 }.'
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`
  }
}
