import { SquareTerminal } from 'lucide-react'
import type { KindStyle } from '../kind-style.ts'

export const shellStyle: KindStyle = {
  label: 'Shell',
  description: 'Run a shell script',
  icon: SquareTerminal,
  letters: null,
}
