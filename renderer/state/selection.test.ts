import { beforeEach, expect, test } from 'vitest'
import {
  changeSelection,
  edgeEnds,
  edgeId,
  keepExisting,
  NO_SELECTION,
  selectOnly,
  selectTask,
  useSelection,
  withChanges,
} from './selection.ts'

beforeEach(() => useSelection.setState(NO_SELECTION))

test('the lead is the task selected last and moves on when it is deselected', () => {
  selectOnly('tasks', ['a', 'b'])
  expect(useSelection.getState().lead).toBe('b')
  changeSelection('tasks', new Map([['c', true]]))
  expect(useSelection.getState().lead).toBe('c')
  changeSelection('tasks', new Map([['c', false]]))
  expect(useSelection.getState().lead).toBe('b')
  changeSelection(
    'tasks',
    new Map([
      ['a', false],
      ['b', false],
    ]),
  )
  expect(useSelection.getState().lead).toBeNull()
})

test('selecting one thing drops everything else', () => {
  selectOnly('edges', [edgeId('a', 'b')])
  selectTask('constructor')
  const { tasks, edges } = useSelection.getState()
  expect([...tasks]).toEqual(['constructor'])
  expect(edges.size).toBe(0)
})

test('what left the document leaves the selection, and nothing else changes identity', () => {
  const state = withChanges(
    NO_SELECTION,
    'tasks',
    new Map([
      ['a', true],
      ['b', true],
    ]),
  )
  const all = { tasks: () => true, edges: () => true, notes: () => true, groups: () => true }
  expect(keepExisting(state, all)).toBe(state)
  const kept = keepExisting(state, { ...all, tasks: (id) => id === 'a' })
  expect([...kept.tasks]).toEqual(['a'])
  expect(kept.lead).toBe('a')
})

test('an edge id gives its ends back', () => {
  expect(edgeEnds(edgeId('a-b', '__proto__'))).toEqual({ from: 'a-b', to: '__proto__' })
})
