import { Button } from '../ui/Button.tsx'
import { Progress } from '../ui/Progress.tsx'
import styles from './LayoutProgress.module.css'
import { cancelLayout, useLayoutProgress } from './layout.ts'

/** How far a layout is that takes longer than half a second, and the way out of it. */
export function LayoutProgress() {
  const progress = useLayoutProgress((state) => state.progress)
  if (!progress) return null
  const title = `Laying out ${progress.tasks.toLocaleString('en')} tasks`
  return (
    <div className={styles.panel} role="status" data-layout-progress>
      <span>{title}</span>
      <Progress value={progress.share} label={title} />
      <Button size="small" onClick={cancelLayout}>
        Cancel
      </Button>
    </div>
  )
}
