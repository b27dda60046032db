import { Milestone } from 'lucide-react'
import type { KindStyle } from '../kind-style.ts'

export const noopStyle: KindStyle = {
  label: 'No-op',
  description: 'Join or branch the flow',
  icon: Milestone,
  letters: null,
}
