import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { DoctorItem } from '#shared/contract/data.ts'
import { api } from '../state/client.ts'
import { attempt } from '../state/notices.ts'
import { closeDialog } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Spinner } from '../ui/Progress.tsx'
import styles from './DoctorDialog.module.css'

const ICONS = { ok: CircleCheck, warning: TriangleAlert, missing: CircleAlert }
const WORDS = { ok: 'Found', warning: 'Worth a look', missing: 'Missing' }

/** What pipelines need on this machine, and what of it is missing. */
export function DoctorDialog() {
  const workspace = useWorkspace((state) => state.info?.root ?? null)
  const [items, setItems] = useState<readonly DoctorItem[] | null>(null)
  useEffect(() => {
    let current = true
    void attempt('Check this machine', () => api().app.doctor({ workspace })).then((found) => {
      if (!current) return
      if (found) setItems(found)
      else closeDialog()
    })
    return () => {
      current = false
    }
  }, [workspace])
  return (
    <Dialog open onClose={closeDialog} title="This machine" description="What tasks may need, and whether it is here.">
      {items ? (
        <ul className={styles.list}>
          {items.map((item) => {
            const Icon = ICONS[item.status]
            return (
              <li key={item.id} className={styles.item} data-status={item.status}>
                <Icon size={16} aria-hidden />
                <div>
                  <p className={styles.title}>
                    {item.title} <span className={styles.word}>{WORDS[item.status]}</span>
                  </p>
                  <p className={styles.detail}>{item.detail}</p>
                  {item.next && <p>{item.next}</p>}
                </div>
              </li>
            )
          })}
        </ul>
      ) : (
        <Spinner label="Checking this machine" />
      )}
    </Dialog>
  )
}
