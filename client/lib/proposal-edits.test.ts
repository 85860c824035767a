import { expect, test } from 'vitest'
import { task } from '../testing/builders.ts'
import { proposalEdits } from './proposal-edits.ts'

const form = { title: 'A task', repository: 'owner/name', base: '', brief: 'Do it.', planFirst: false, model: '', budgetUsd: 5 }

test.each([
  ['nothing was touched', {}, {}],
  ['spaces are not a change', { title: ' A task ', base: ' ' }, {}],
  ['a branch was named', { base: 'develop' }, { base: 'develop' }],
  ['a plan is wanted and more may be spent', { planFirst: true, budgetUsd: 9.5 }, { planFirst: true, budgetUsd: 9.5 }],
])('%s', (_, typed, edits) => {
  expect(proposalEdits(task(), { ...form, ...typed })).toEqual(edits)
})

test('an emptied branch means the default again', () => {
  expect(proposalEdits(task({ base: 'develop' }), form)).toEqual({ base: null })
})
