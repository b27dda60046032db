import { Fragment } from 'react'

/** A message as the shared code words it: what stands in backticks is a name, shown in the code font. */
export function Message({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) => {
    const key = `${index} ${part}`
    return index % 2 === 1 ? <code key={key}>{part}</code> : <Fragment key={key}>{part}</Fragment>
  })
}
