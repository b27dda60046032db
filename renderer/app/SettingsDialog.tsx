import { useId } from 'react'
import type { Settings } from '#shared/contract/data.ts'
import { changeSettings, closeDialog, useView } from '../state/view.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Select, type SelectOption } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import styles from './SettingsDialog.module.css'

const THEMES: readonly SelectOption<Settings['theme']>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]
const DIRECTIONS: readonly SelectOption<Settings['layoutDirection']>[] = [
  { value: 'LR', label: 'Left to right' },
  { value: 'TB', label: 'Top to bottom' },
]
const EDGES: readonly SelectOption<Settings['edgeStyle']>[] = [
  { value: 'curved', label: 'Curved' },
  { value: 'straight', label: 'Straight' },
]

export function SettingsDialog() {
  const settings = useView((state) => state.settings)
  const id = useId()
  const set = (change: Partial<Settings>) => void changeSettings(change)
  return (
    <Dialog open onClose={closeDialog} title="Settings" size="small">
      <div className={styles.rows}>
        <label htmlFor={`${id}theme`}>Theme</label>
        <Select
          id={`${id}theme`}
          label="Theme"
          value={settings.theme}
          options={THEMES}
          onChange={(theme) => set({ theme })}
        />
        <label htmlFor={`${id}direction`}>Layout runs</label>
        <Select
          id={`${id}direction`}
          label="Layout runs"
          value={settings.layoutDirection}
          options={DIRECTIONS}
          onChange={(layoutDirection) => set({ layoutDirection })}
        />
        <label htmlFor={`${id}edges`}>Edges</label>
        <Select
          id={`${id}edges`}
          label="Edges"
          value={settings.edgeStyle}
          options={EDGES}
          onChange={(edgeStyle) => set({ edgeStyle })}
        />
        <label htmlFor={`${id}snap`}>Snap to the grid</label>
        <Switch
          id={`${id}snap`}
          label="Snap to the grid"
          checked={settings.snapToGrid}
          onChange={(snapToGrid) => set({ snapToGrid })}
        />
        <label htmlFor={`${id}motion`}>Always reduce motion</label>
        <Switch
          id={`${id}motion`}
          label="Always reduce motion"
          checked={settings.reducedMotion === 'on'}
          onChange={(on) => set({ reducedMotion: on ? 'on' : 'system' })}
        />
      </div>
    </Dialog>
  )
}
