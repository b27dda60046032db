import { Unplug } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import type { Connection } from '../rpc/client.ts'
import styles from './ConnectionBanner.module.css'

/** Says so while there is no engine behind the window. */
export function ConnectionBanner({ status }: { readonly status: Connection['status'] }) {
  const state = useSyncExternalStore(status.subscribe, status.get)
  if (state === 'open' || state === 'connecting') return null
  return (
    <div className={styles.banner} role="alert">
      <Unplug size={15} aria-hidden />
      {state === 'refused'
        ? 'This page is not allowed to connect. Open the address that Dagwright printed when it started.'
        : 'The connection to Dagwright is lost. Trying again; your unsaved work is kept in this window. If Dagwright was started again, it has another address: open the one it printed.'}
    </div>
  )
}
