import type { KindStyle } from '../kind-style.ts'

export const javascriptStyle: KindStyle = {
  label: 'JavaScript',
  description: 'Run JavaScript code',
  icon: null,
  letters: 'JS',
}
