import { CalendarClock, FileText, Plus } from 'lucide-react'
import { openFile } from '../state/files.ts'
import { openDialog } from '../state/view.ts'
import { usePipelineFiles, usePlanFiles, useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import styles from './NoDocument.module.css'

/** A workspace without a pipeline on screen. */
export function NoDocument() {
  const files = usePipelineFiles()
  const plans = usePlanFiles()
  const name = useWorkspace((state) => state.info?.name ?? '')
  const create = (
    <Button variant={files.length === 0 ? 'primary' : 'secondary'} icon={Plus} onClick={() => openDialog('new')}>
      New pipeline
    </Button>
  )
  if (files.length + plans.length === 0) {
    return (
      <EmptyState icon={FileText} title={`${name} has no pipeline yet.`} actions={create}>
        A pipeline is a file that ends in .dag.yaml. Make the first one here.
      </EmptyState>
    )
  }
  return (
    <div className={styles.choice}>
      <h2 className={styles.title}>Pipelines in {name}</h2>
      <ul className={styles.list}>
        {files.map((file) => (
          <li key={file.path}>
            <button type="button" className={styles.file} onClick={() => void openFile(file.path)}>
              <FileText size={16} strokeWidth={1.75} aria-hidden />
              <span className={styles.name}>{file.name || file.path}</span>
              <span className={styles.detail}>
                {file.errors > 0 ? `${file.errors} ${file.errors === 1 ? 'error' : 'errors'}` : `${file.tasks} tasks`}
              </span>
            </button>
          </li>
        ))}
        {plans.map((path) => (
          <li key={path}>
            <button type="button" className={styles.file} onClick={() => void openFile(path)}>
              <CalendarClock size={16} strokeWidth={1.75} aria-hidden />
              <span className={styles.name}>{path}</span>
              <span className={styles.detail}>Planner</span>
            </button>
          </li>
        ))}
      </ul>
      {create}
    </div>
  )
}
