import { Copy } from 'lucide-react'
import { saveText } from '../../runs/download.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { copyText } from './copy-text.ts'

export interface ChartMenuProps {
  readonly title: string
  readonly csv: () => string
  /** Absent: there is no picture, only a table. */
  readonly svg?: () => string
}

/** What can be taken along of a chart or a table. */
export function ChartMenu({ title, csv, svg }: ChartMenuProps) {
  const picture = svg && [
    { id: 'svg', label: 'Copy as SVG', onSelect: () => void copyText('The chart', svg()) },
    { id: 'saveSvg', label: 'Save as SVG…', onSelect: () => void saveText(`${title}.svg`, svg()) },
  ]
  const table = [
    { id: 'csv', label: 'Copy as CSV', onSelect: () => void copyText('The table', csv()) },
    { id: 'saveCsv', label: 'Save as CSV…', onSelect: () => void saveText(`${title}.csv`, csv()) },
  ]
  return (
    <Menu items={[...(picture ?? []), ...table]} align="end">
      <IconButton size="small" icon={Copy} label={`Copy ${title}`} />
    </Menu>
  )
}
