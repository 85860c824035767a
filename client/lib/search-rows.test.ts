import type { Message } from '#shared/model/message.ts'
import { expect, test } from 'vitest'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { task } from '../testing/builders.ts'
import { searchRows } from './search-rows.ts'

const message = (text: string, at: number): Message => ({ kind: 'person', id: text, at, text })
const rows = {
  thread: [
    ...['Deploy the blue green release', 'green tea', 'The café', 'greenish', 'a green, blue cup'].map((text, n) => ({
      key: messageKey(n + 1),
      pending: false,
      message: message(text, n),
    })),
    {
      key: messageKey(6),
      pending: false,
      message: {
        ...message('', 6),
        files: [{ state: 'here', file: { kind: 'text', id: '', name: 'invoice-7.txt', size: 1 } }],
      } as Message,
    },
    { key: pendingMessageKey(1, 'x'), pending: true, message: message('green and not delivered', 9) },
  ],
  tasks: [task({ title: 'Paint it', plan: 'First paint the ledger green.' })],
  notes: [{ id: 'n', text: 'Likes green.', by: 'person' as const, createdAt: 1, changedAt: 1 }],
}
function found(query: string) {
  return searchRows(rows, query).map(hit => `${hit.kind} ${hit.snippet.map(({ text }) => text).join('')}`)
}

test.each([
  [
    'rows with all words first, then the newest',
    'blue green ',
    [
      'message a green, blue cup',
      'message Deploy the blue green release',
      'message green tea',
      'note Likes green.',
      'task Paint it owner/name Do it. First paint the ledger green.',
    ],
  ],
  ['the beginning of a word', 'caf', ['message The café']],
  ['not the inside of a word', 'reen', []],
  ['a phrase', '"blue green"', ['message Deploy the blue green release']],
  ['a file by its name', 'invoice', ['message invoice-7.txt']],
  ['a plan', 'ledger', ['task Paint it owner/name Do it. First paint the ledger green.']],
  ['nothing for punctuation', '" * (', []],
])('finds %s', (_, query, expected) => {
  expect(found(query)).toEqual(expected)
})
