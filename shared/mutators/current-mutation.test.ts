import type { Json } from '../model/json.ts'
import { expect, test } from 'vitest'
import { currentMutation, FORMER_MUTATOR_NAMES } from './current-mutation.ts'
import { mutators } from './index.ts'

test('an unsent decision about an approval is applied under its former name', () => {
  const { name, args } = currentMutation({ name: 'decideAsk', args: { ask: 'a1', accept: true } })
  expect([name, mutators.decideApproval.args.parse(args)]).toEqual(['decideApproval', { approval: 'a1', accept: true }])
})

test('every former name leads to a mutator', () => {
  expect(FORMER_MUTATOR_NAMES.map(name => currentMutation({ name, args: {} }).name in mutators)).toEqual(FORMER_MUTATOR_NAMES.map(() => true))
})

test.each<[string, Json]>([
  ['a present name', { approval: 'a1', accept: true }],
  ['a name from an object\'s prototype', null],
])('%s stays as it is', (which, args) => {
  const mutation = { name: which === 'a present name' ? 'decideApproval' : 'toString', args }
  expect(currentMutation(mutation)).toBe(mutation)
})

test.each<[string, Json]>([
  ['nothing', null],
  ['a list', [1]],
  ['other fields', { accept: true }],
])('arguments that are %s are left for the schema to refuse', (_, args) => {
  expect(currentMutation({ name: 'decideAsk', args })).toEqual({ name: 'decideApproval', args })
})
