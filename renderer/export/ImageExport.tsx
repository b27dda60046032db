import { Download, Save } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { canvasPng, canvasSvg } from '../canvas/image.ts'
import { saveFile, saveText } from '../runs/download.ts'
import { attempt, notify } from '../state/notices.ts'
import { useView } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Select } from '../ui/Select.tsx'
import styles from './ExportDialog.module.css'

const SCALES = ['1', '2', '3'] as const

/** The whole graph as a picture, as the present lens and theme show it. */
export function ImageExport({ name }: { readonly name: string }) {
  const native = useWorkspace((state) => state.app?.capabilities.nativeDialogs === true)
  const theme = useView((state) => state.theme)
  const lens = useView((state) => state.lens)
  const [scale, setScale] = useState<(typeof SCALES)[number]>('2')
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and lens decide what is drawn
  const drawn = useMemo(() => canvasSvg(), [theme, lens])
  const url = useObjectUrl(drawn?.svg ?? null)
  if (drawn === null) return <EmptyState title="There is nothing to draw yet">Add a task first.</EmptyState>
  const savePng = async () => {
    const png = await attempt('Draw the image', () => canvasPng(Number(scale)))
    if (png) await saveFile(`${name}.png`, { content: await base64Of(png), encoding: 'base64' })
    else if (png === null) {
      const next = 'Choose a smaller size, or SVG.'
      notify({ tone: 'error', title: 'The graph is too large for a PNG of this size.', next, code: 'IMAGE_TOO_LARGE' })
    }
  }
  const icon = native ? Save : Download
  return (
    <>
      <div className={styles.options}>
        <span>
          {Math.round(drawn.width)} × {Math.round(drawn.height)} pixels
        </span>
        <span className={styles.spacer} />
        <Button size="small" icon={icon} onClick={() => void saveText(`${name}.svg`, drawn.svg)}>
          {native ? 'Save SVG as' : 'Download SVG'}
        </Button>
        <Select
          size="small"
          label="Size of the PNG"
          value={scale}
          options={SCALES.map((value) => ({ value, label: `${value}×` }))}
          onChange={setScale}
        />
        <Button size="small" icon={icon} onClick={() => void savePng()}>
          {native ? 'Save PNG as' : 'Download PNG'}
        </Button>
      </div>
      <div className={styles.image}>{url !== null && <img src={url} alt="The whole graph" />}</div>
    </>
  )
}

/** An address for a text while the component shows it. */
function useObjectUrl(svg: string | null): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (svg === null) return
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [svg])
  return url
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}
