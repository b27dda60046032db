import { CircleAlert, History, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useActiveDocument } from '../state/documents.ts'
import { answerRecovery, saveDocument } from '../state/files.ts'
import { showBottom } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import styles from './DocumentBanners.module.css'

/** What a person must know about the shown file before working on. */
export function DocumentBanners() {
  const document = useActiveDocument()
  if (!document) return null
  const { path } = document
  return (
    <>
      {document.recovery && (
        <Banner
          tone="info"
          icon={<History size={15} aria-hidden />}
          text={`There is unsaved work from ${new Date(document.recovery.savedAt).toLocaleString()}, newer than the file.`}
        >
          <Button size="small" onClick={() => void answerRecovery(path, false)}>
            Discard it
          </Button>
          <Button size="small" variant="primary" onClick={() => void answerRecovery(path, true)}>
            Restore it
          </Button>
        </Banner>
      )}
      {document.gone && (
        <Banner
          tone="warning"
          icon={<TriangleAlert size={15} aria-hidden />}
          text="The file was deleted or moved. Your text is still here."
        >
          <Button size="small" onClick={() => void saveDocument(path)}>
            Write it anew
          </Button>
        </Banner>
      )}
      {document.frozen && (
        <Banner
          tone="error"
          icon={<CircleAlert size={15} aria-hidden />}
          text={
            document.pipeline
              ? 'The text has a syntax error. The canvas shows its last readable state and cannot be edited.'
              : 'The text cannot be read as a pipeline.'
          }
        >
          <Button size="small" onClick={() => showBottom('problems')}>
            Show the problem
          </Button>
        </Banner>
      )}
    </>
  )
}

interface BannerProps {
  readonly tone: 'info' | 'warning' | 'error'
  readonly icon: ReactNode
  readonly text: string
  readonly children: ReactNode
}

function Banner({ tone, icon, text, children }: BannerProps) {
  return (
    <div className={styles.banner} data-tone={tone} role={tone === 'info' ? 'status' : 'alert'}>
      {icon}
      <span className={styles.text}>{text}</span>
      {children}
    </div>
  )
}
