import type { ReactNode } from 'react'
import styles from './Markdown.module.css'

/**
 * The part of Markdown that notes and docs use: headings, lists, quotes, code, emphasis, links. It makes React elements
 * only, so no text can become HTML; links lead to http(s) and mailto addresses only.
 */
export function Markdown({ text }: { readonly text: string }) {
  return <div className={styles.markdown}>{blocksOf(text)}</div>
}

function blocksOf(text: string): readonly ReactNode[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: ReactNode[] = []
  let at = 0
  while (at < lines.length) {
    const { block, next } = readBlock(lines, at)
    if (block !== null) blocks.push(block)
    at = next
  }
  return blocks
}

interface Block {
  readonly block: ReactNode
  readonly next: number
}

function readBlock(lines: readonly string[], at: number): Block {
  const line = lines[at]!
  if (line.trim() === '') return { block: null, next: at + 1 }
  const heading = /^(#{1,4})\s+(.*)$/.exec(line)
  if (heading) return { block: headingOf(heading[1]!.length, heading[2]!, at), next: at + 1 }
  if (line.startsWith('```')) return fenced(lines, at)
  if (/^\s*[-*+]\s+/.test(line)) return list(lines, at, /^\s*[-*+]\s+/, false)
  if (/^\s*\d+[.)]\s+/.test(line)) return list(lines, at, /^\s*\d+[.)]\s+/, true)
  if (line.startsWith('>')) return quote(lines, at)
  return paragraph(lines, at)
}

function headingOf(level: number, text: string, key: number): ReactNode {
  const content = inline(text)
  if (level === 1) return <h3 key={key}>{content}</h3>
  return <h4 key={key}>{content}</h4>
}

function fenced(lines: readonly string[], at: number): Block {
  let end = at + 1
  while (end < lines.length && !lines[end]!.startsWith('```')) end++
  const block = (
    <pre key={at}>
      <code>{lines.slice(at + 1, end).join('\n')}</code>
    </pre>
  )
  return { block, next: end + 1 }
}

function list(lines: readonly string[], at: number, mark: RegExp, ordered: boolean): Block {
  let end = at
  while (end < lines.length && mark.test(lines[end]!)) end++
  const items = lines.slice(at, end).map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity, and the list is drawn anew as a whole
    <li key={index}>{inline(line.replace(mark, ''))}</li>
  ))
  return { block: ordered ? <ol key={at}>{items}</ol> : <ul key={at}>{items}</ul>, next: end }
}

function quote(lines: readonly string[], at: number): Block {
  let end = at
  while (end < lines.length && lines[end]!.startsWith('>')) end++
  const text = lines.slice(at, end).map((line) => line.replace(/^>\s?/, ''))
  return { block: <blockquote key={at}>{inline(text.join(' '))}</blockquote>, next: end }
}

const BLOCK_START = /^(#{1,4}\s|```|>|\s*[-*+]\s+|\s*\d+[.)]\s+)/

function paragraph(lines: readonly string[], at: number): Block {
  let end = at + 1
  while (end < lines.length && lines[end]!.trim() !== '' && !BLOCK_START.test(lines[end]!)) end++
  return { block: <p key={at}>{inline(lines.slice(at, end).join(' '))}</p>, next: end }
}

const INLINE =
  /(`[^`]+`)|(\*\*[^*]+\*\*)|(\*[^*\s][^*]*\*|\b_[^_]+_\b)|(\[[^\]]+\]\([^)\s]+\))|(https?:\/\/[^\s)>\]]+)/g

function inline(text: string): readonly ReactNode[] {
  const parts: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) parts.push(text.slice(from, match.index))
    parts.push(span(match[0], match.index))
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

function span(text: string, key: number): ReactNode {
  if (text.startsWith('`')) return <code key={key}>{text.slice(1, -1)}</code>
  if (text.startsWith('**')) return <strong key={key}>{text.slice(2, -2)}</strong>
  if (text.startsWith('*') || text.startsWith('_')) return <em key={key}>{text.slice(1, -1)}</em>
  const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(text)
  const address = link ? link[2]! : text
  if (!/^(https?:|mailto:)/i.test(address)) return text
  return (
    <a key={key} href={address} target="_blank" rel="noreferrer noopener">
      {link ? link[1] : text}
    </a>
  )
}
