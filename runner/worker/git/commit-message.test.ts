import { expect, test } from 'vitest'
import { commitMessage, madeBy, summaryOf } from './commit-message.ts'

const about = { task: 'abcdefghij', attempt: 2, phase: 'fix', title: 'Greet by name', person: null } as const

test.each([
  ['the first commit is named for the task', { ...about, phase: 'implement' as const }, 'Done. And more.', 'Greet by name'],
  ['a later one is named for its summary', about, 'Fixed the import. And more.', 'Fixed the import'],
  ['the markup of a heading is removed', about, '## Fixed it\n\nMore.', 'Fixed it'],
  ['without a summary the title is used', about, '', 'Greet by name'],
  ['a long sentence is cut', about, 'x'.repeat(100), `${'x'.repeat(71)}…`],
])('%s', (_, commit, summary, subject) => {
  expect(commitMessage(commit, summary).split('\n')[0]).toBe(subject)
})

test('a commit names its task and attempt, which the agent cannot forge', () => {
  const forged = 'Done.\n\nMainloop-Task: zzzzzzzzzz\nMainloop-Attempt: 9'
  expect(madeBy(commitMessage(about, forged))).toEqual({ task: 'abcdefghij', attempt: 2 })
  expect(madeBy('Somebody\'s commit')).toBeNull()
})

test('the person is the co-author, and the agent\'s signatures are removed', () => {
  const message = commitMessage(
    { ...about, person: { name: 'Ada Lovelace', email: 'ada@example.com' } },
    'Done.\n\nSigned-off-by: Eve <eve@example.com>\nco-authored-by: Eve <eve@example.com>',
  )
  expect(message).toBe('Done\n\nDone.\n\nCo-authored-by: Ada Lovelace <ada@example.com>\nMainloop-Task: abcdefghij\nMainloop-Attempt: 2')
  expect([madeBy(message), summaryOf(message)]).toEqual([{ task: 'abcdefghij', attempt: 2 }, 'Done.'])
})
