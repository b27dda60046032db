import { Globe } from 'lucide-react'
import type { KindStyle } from '../kind-style.ts'

export const httpStyle: KindStyle = {
  label: 'HTTP',
  description: 'Call a web address',
  icon: Globe,
  letters: null,
}
