import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import type { CallError } from './use-call.ts'

export function CallFailed({ error, retry }: { readonly error: CallError; readonly retry: () => void }) {
  return (
    <EmptyState title={error.message} actions={<Button onClick={retry}>Try again</Button>}>
      {error.next} <code>{error.code}</code>
    </EmptyState>
  )
}
