import { RunsPanel } from '../runs/RunsPanel.tsx'
import { type SideTab, showSide, useView } from '../state/view.ts'
import { Tabs } from '../ui/Tabs.tsx'
import { Outline } from './Outline.tsx'
import { Palette } from './Palette.tsx'
import { SearchPanel } from './SearchPanel.tsx'

export function SidePanel() {
  const tab = useView((state) => state.sideTab)
  return (
    <Tabs
      label="Side panel"
      value={tab}
      onChange={(id) => showSide(id as SideTab)}
      tabs={[
        { id: 'palette', label: 'Palette', content: <Palette /> },
        { id: 'outline', label: 'Outline', content: <Outline /> },
        { id: 'runs', label: 'Runs', content: <RunsPanel /> },
        { id: 'search', label: 'Search', content: <SearchPanel /> },
      ]}
    />
  )
}
