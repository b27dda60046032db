import { ShieldCheck } from 'lucide-react'
import type { KindStyle } from '../kind-style.ts'

export const checkStyle: KindStyle = {
  label: 'Check',
  description: 'Fail on violations found',
  icon: ShieldCheck,
  letters: null,
}
