import { expect, test } from 'vitest'
import { Refused } from '#shared/model/refusal.ts'
import { createPendingLimit, MAX_PENDING } from './pending-limit.ts'

test.each([
  ['the first of a new client', {}, 1, 'allowed'],
  ['the last within the limit', {}, MAX_PENDING, 'allowed'],
  ['one more', {}, MAX_PENDING + 1, 'refused'],
  ['one more after some were confirmed', { c: 10 }, MAX_PENDING + 10, 'allowed'],
  ['one more after only another client\'s were confirmed', { other: 10 }, MAX_PENDING + 1, 'refused'],
])('%s is %s', (_, confirmed, id, outcome) => {
  const limit = createPendingLimit()
  limit.confirmed(confirmed)
  const made = () => limit.check('c', id)
  if (outcome === 'refused')
    expect(made).toThrow(Refused)
  else
    expect(made).not.toThrow()
})
