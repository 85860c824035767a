import { expect, test } from 'vitest'
import { task } from '../testing/builders.ts'
import { proposalEdits } from './proposal-edits.ts'

const form = { title: 'A task', repository: 'owner/name', base: '', brief: 'Do it.', planFirst: false, model: '', budgetUsd: 5 }

test.each([
  ['an unchanged form makes no edits', {}, {}],
  ['spaces make no edits', { title: ' A task ', base: ' ' }, {}],
  ['a named branch is an edit', { base: 'develop' }, { base: 'develop' }],
  ['a plan and a budget are edits', { planFirst: true, budgetUsd: 9.5 }, { planFirst: true, budgetUsd: 9.5 }],
])('%s', (_, typed, edits) => {
  expect(proposalEdits(task(), { ...form, ...typed })).toEqual(edits)
})

test('an emptied branch resets it to the default', () => {
  expect(proposalEdits(task({ base: 'develop' }), form)).toEqual({ base: null })
})
