import { Database } from 'lucide-react'
import type { KindStyle } from '../kind-style.ts'

export const sqlStyle: KindStyle = {
  label: 'SQL',
  description: 'Query a DuckDB database',
  icon: Database,
  letters: null,
}
