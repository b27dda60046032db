import { type FormEvent, useState } from 'react'
import { isPlanPath } from '#shared/analysis/planner-document.ts'
import { newPlanText } from '#shared/analysis/planner-new.ts'
import { idFrom } from '#shared/model/id.ts'
import { activeDocument } from '../state/documents.ts'
import { createFile, saveDocumentAs } from '../state/files.ts'
import { closeDialog } from '../state/view.ts'
import { usePipelineFiles, usePlanFiles } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './FileDialogs.module.css'

const ENDING = '.dag.yaml'
const PLAN_ENDING = '.plan.yaml'

/** A name becomes an id and a file of the workspace, which is written at once. */
export function NewPipelineDialog() {
  return (
    <NewFileDialog
      title="New pipeline"
      example="Monthly sales"
      ending={ENDING}
      textOf={(name, id) => `dagwright: 1\nid: ${id}\nname: ${JSON.stringify(name)}\ntasks: {}\n`}
    />
  )
}

/** A plan of the workspace's pipelines: whether they end in time, and with how many workers. */
export function NewPlanDialog() {
  const pipelines = usePipelineFiles().filter(({ tasks, errors }) => tasks > 0 && errors === 0)
  return (
    <NewFileDialog
      title="New plan"
      example="Morning rush"
      ending={PLAN_ENDING}
      textOf={(name) =>
        newPlanText(
          name,
          pipelines.map(({ path }) => path),
        )
      }
    />
  )
}

interface NewFileDialogProps {
  readonly title: string
  readonly example: string
  readonly ending: string
  readonly textOf: (name: string, id: string) => string
}

function NewFileDialog({ title, example, ending, textOf }: NewFileDialogProps) {
  const [typed, setName] = useState('')
  const name = typed.trim()
  const id = idFrom(name.toLowerCase())
  const path = `${id}${ending}`
  const taken = [...usePipelineFiles().map((file) => file.path), ...usePlanFiles()].includes(path)
  const valid = name !== '' && !taken
  const create = async (event: FormEvent) => {
    event.preventDefault()
    if (valid && (await createFile(path, textOf(name, id)))) closeDialog()
  }
  return (
    <Dialog open onClose={closeDialog} title={title} size="small">
      <form className={styles.form} onSubmit={create}>
        <label htmlFor="new-file">Name</label>
        <TextField
          id="new-file"
          value={typed}
          onChange={setName}
          autoFocus
          placeholder={example}
          error={taken ? `There is already a file ${path}.` : undefined}
        />
        <p className={styles.path}>
          {name === '' ? 'It becomes a file of this workspace.' : `Will be written to ${path}`}
        </p>
        <div className={styles.actions}>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!valid}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The shown pipeline under another path of the workspace. */
export function SaveAsDialog() {
  const document = activeDocument()
  const [path, setPath] = useState(document ? suggestion(document.asRun?.file ?? document.path) : '')
  const ending = endingOf(document?.path)
  const whole = path.trim().endsWith(ending) ? path.trim() : `${path.trim()}${ending}`
  const taken = [...usePipelineFiles().map((file) => file.path), ...usePlanFiles()].includes(whole)
  const valid = path.trim() !== '' && !taken
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (document && valid && (await saveDocumentAs(document.path, whole))) closeDialog()
  }
  return (
    <Dialog open onClose={closeDialog} title="Save as" size="small">
      <form className={styles.form} onSubmit={save}>
        <label htmlFor="save-as">File in this workspace</label>
        <TextField
          id="save-as"
          value={path}
          onChange={setPath}
          autoFocus
          code
          error={taken ? `There is already a file ${whole}.` : undefined}
        />
        <p className={styles.path}>Will be written to {whole}</p>
        <div className={styles.actions}>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!valid}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function endingOf(path: string | undefined): string {
  return path !== undefined && isPlanPath(path) ? PLAN_ENDING : ENDING
}

function suggestion(path: string): string {
  const ending = endingOf(path)
  return `${path.endsWith(ending) ? path.slice(0, -ending.length) : path}_copy${ending}`
}
