import type { KindStyle } from '../kind-style.ts'

export const pythonStyle: KindStyle = {
  label: 'Python',
  description: 'Run Python code',
  icon: null,
  letters: 'Py',
}
