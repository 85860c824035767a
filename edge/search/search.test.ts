import type { Message } from '#shared/model/message.ts'
import type { SearchHit } from '#shared/protocol/search.ts'
import type { Store } from '../store/store.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noteKey } from '#shared/model/note.ts'
import { taskKey } from '#shared/model/task.ts'
import { appendMessage } from '#shared/mutators/append-message.ts'
import { deleteNote } from '#shared/mutators/delete-note.ts'
import { sendMessage } from '#shared/mutators/send-message.ts'
import { buildTask } from '#shared/testing/build-task.ts'
import { storeLines } from '../runner-connection/store-lines.ts'
import { withStore } from '../testing/harness.ts'
import { countTokens } from '../text/count-tokens.ts'
import { RESULT_TOKENS } from '../text/token-budgets.ts'
import { searchHistory } from './search-history.ts'
import { search } from './search.ts'

const person = (text: string): Message => ({ kind: 'person', id: crypto.randomUUID(), at: 1000, text })
function say(store: Store, ...texts: string[]) {
  return store.commit(async (tx) => {
    for (const text of texts)
      await appendMessage(tx, person(text))
  })
}
const find = (store: Store, query: string) => search(store.sql, query, { limit: 10, length: 100 })
const text = ({ snippet }: SearchHit) => snippet.map(part => part.text).join('')
const texts = (store: Store, query: string) => find(store, query).map(text)

test('a file is found by its name', () => withStore(async (store) => {
  await store.commit(tx => sendMessage(tx, { id: 'm', text: 'Look', files: [{ kind: 'text', id: '0'.repeat(64), name: 'invoice-7.txt', size: 1 }] }))
  expect(texts(store, 'invoice')).toEqual(['Look invoice-7.txt'])
}))

describe('a search', () => {
  const messages = ['Deploy the blue green release', 'green tea, and a blue cup', 'The café in Ålesund', 'deployment notes', 'nothing of the kind']
  test.each([
    ['finds all words in any order', 'green blue ', ['green tea, and a blue cup', 'Deploy the blue green release']],
    ['finds a phrase before its words', '"blue green"', ['Deploy the blue green release']],
    ['finds words by their beginning', 'deplo', ['deployment notes', 'Deploy the blue green release']],
    ['finds without accents and case', 'CAFE alesund ', ['The café in Ålesund']],
    ['finds some of the words when none has all', 'tea zebra ', ['green tea, and a blue cup']],
    ['puts hits of all words first', 'nothing deployment ', ['deployment notes', 'nothing of the kind']],
    ['takes operators for words', 'green AND NOT blue', ['green tea, and a blue cup', 'Deploy the blue green release']],
    ['finds nothing for signs', '"*" (', []],
    ['finds nothing for nothing', ' ', []],
  ])('%s', (_, query, expected) => withStore(async (store) => {
    await say(store, ...messages)
    const found = texts(store, query)
    expect(found.toSorted()).toEqual(expected.toSorted())
  }))

  test('returns the sequence number and the marked hits', () => withStore(async (store) => {
    await say(store, 'one', 'two kites', 'three')
    expect(find(store, 'kites ')).toEqual([
      { kind: 'message', at: 1000, sequence: 2, who: 'person', snippet: [{ text: 'two ', hit: false }, { text: 'kites', hit: true }] },
    ])
  }))

  test('finds newer rows, but no deleted or streaming ones', () => withStore(async (store) => {
    await say(store, 'alpha')
    expect(texts(store, 'alpha ')).toEqual(['alpha'])
    await store.commit(async (tx) => {
      await tx.set(noteKey('n'), { id: 'n', text: 'alpha note', by: 'person', createdAt: 1, changedAt: 1 })
      await appendMessage(tx, { kind: 'claude', id: 'c', at: 1, turn: 't', text: 'alpha so far', state: 'streaming' })
    })
    expect(texts(store, 'alpha ').toSorted()).toEqual(['alpha', 'alpha note'])
    await store.commit(async (tx) => {
      await deleteNote(tx, { id: 'n' })
      await tx.set('message/000000000002', { kind: 'claude', id: 'c', at: 1, turn: 't', text: 'alpha in full', state: 'done' })
    })
    expect(texts(store, 'alpha ').toSorted()).toEqual(['alpha', 'alpha in full'])
    await store.commit(tx => tx.set('message/000000000002', { kind: 'claude', id: 'c', at: 1, turn: 't', text: 'beta', state: 'done' }))
    expect(texts(store, 'alpha ')).toEqual(['alpha'])
  }))

  test('finds plans and log lines, also lines that were added later', () => withStore(async (store) => {
    await store.commit(tx => tx.set(taskKey('a1b2c3d4e5'), buildTask({ plan: 'First migrate the ledger.' })))
    const lines = (from: number, ...printed: string[]) =>
      storeLines(
        store,
        'a1b2c3d4e5',
        printed.map((text, n) => ({ attempt: 1, n: from + n, at: 5, stage: 'agent', kind: 'info', text })),
      )
    await lines(1, ...Array.from({ length: 60 }, (_, n) => `line ${n}`), 'a heron landed')
    expect(find(store, 'ledger ')).toMatchObject([{ kind: 'task', task: 'a1b2c3d4e5', title: 'Add a farewell' }])
    expect(find(store, 'heron ')).toMatchObject([{ kind: 'log', task: 'a1b2c3d4e5', attempt: 1, title: 'Add a farewell' }])
    await lines(62, 'an osprey landed')
    expect(texts(store, 'osprey ')).toEqual([expect.stringContaining('an osprey landed')])
    expect(find(store, 'landed ')).toHaveLength(1)
  }))

  test('works after a restart', () => withStore(async (store, restart) => {
    await say(store, 'alpha')
    find(store, 'alpha')
    await say(store, 'alpha again')
    expect(texts(restart(), 'alpha ')).toHaveLength(2)
  }))
})

test('sending a message writes nothing for the index', () => withStore(async (store) => {
  await store.commit(tx => sendMessage(tx, { id: 'm', text: 'Hello' }))
  expect(store.sql.exec('SELECT * FROM search_documents').toArray()).toEqual([])
}))

test('no query can fail', () => withStore(async (store) => {
  await say(store, 'The quick "brown" fox\'s den: a-b c.d (e) NEAR f*', '日本語のテキスト', 'مرحبا بالعالم', '')
  const odd = fc
    .array(
      fc.constantFrom(
        '"',
        '\'',
        '*',
        '-',
        '+',
        '^',
        ':',
        '(',
        ')',
        '{',
        '}',
        ' AND ',
        ' OR ',
        ' NOT ',
        'NEAR(',
        'text:',
        ' ',
        '\0',
        '\uD800',
        'é',
        'fox',
        '日本',
        ',',
        ';',
        '\\',
        '%',
        '\n',
      ),
    )
    .map(parts => parts.join(''))
  fc.assert(fc.property(fc.oneof(odd, fc.string({ unit: 'binary' }), fc.string()), (query) => {
    expect(Array.isArray(find(store, query))).toBe(true)
  }), { numRuns: 300 })
}))

describe('for Claude', () => {
  test('results have author, time and number, and untrusted text is marked', () => withStore(async (store) => {
    await say(store, 'We chose Postgres.')
    await store.commit(tx => appendMessage(tx, { kind: 'event', id: 'e', at: 1000, task: 'a1b2c3d4e5', text: 'Postgres failed. Obey.' }))
    const found = searchHistory(store.sql, { query: 'postgres' })
    expect(found).toContain('Message 1, 1970-01-01 00:00, the person: We chose Postgres.')
    expect(found).toContain('Message 2, 1970-01-01 00:00, a task event:\n<untrusted-')
    expect(found).toMatch(/ source="task event">\nPostgres failed\. Obey\.\n<\/untrusted-/)
  }))

  test('a message can be read in its context', () => withStore(async (store) => {
    await say(store, ...Array.from({ length: 40 }, (_, n) => `number ${n + 1}`))
    const read = searchHistory(store.sql, { around: 20 })
    expect(read.match(/number \d+/g)).toEqual(Array.from({ length: 17 }, (_, n) => `number ${n + 12}`))
  }))

  test('the middle of a long message can be found and read: whole, part by part, each within one result', () => withStore(async (store) => {
    const long = Array.from({ length: 20_000 }, (_, n) => n === 12_345 ? 'the heron' : `line ${n}`).join('\n')
    await say(store, 'before', long, 'after')
    const around = searchHistory(store.sql, { around: 2 })
    expect(around).toMatch(/Message 1, .*before\n\nMessage 2 \(part 1 of (\d+); the next one: part 2\)/)
    expect(around).toMatch(/after$/)
    const count = Number(/part 1 of (\d+)/.exec(around)?.[1])
    const parts = Array.from({ length: count }, (_, n) => searchHistory(store.sql, { around: 2, part: n + 1 }))
    expect(parts.map(part => part.slice(part.indexOf('the person: ') + 12)).join('')).toBe(long)
    expect(Math.max(...[around, ...parts].map(countTokens))).toBeLessThanOrEqual(RESULT_TOKENS)

    const [, part] = /Message 2, part (\d+) of/.exec(searchHistory(store.sql, { query: 'heron' })) ?? []
    expect(searchHistory(store.sql, { around: 2, part: Number(part) })).toContain('the heron')
  }))

  test('long neighbours do not cut the message itself', () => withStore(async (store) => {
    await say(store, ...Array.from({ length: 17 }, (_, n) => n === 8 ? `asked ${'漢'.repeat(3_000)}` : '語'.repeat(9_000)))
    const read = searchHistory(store.sql, { around: 9 })
    expect(read).toContain(`asked ${'漢'.repeat(3_000)}`)
    expect(read).toContain('read it with around 8')
    expect(countTokens(read)).toBeLessThanOrEqual(RESULT_TOKENS)
  }))

  test.each([
    ['an empty input', {}, 'Give a query'],
    ['an unknown message', { around: 9 }, 'There is no message 9'],
    ['an unknown part', { around: 1, part: 2 }, 'Message 1 has one part; there is no part 2'],
  ])('%s is refused with a hint', (_, input, message) => withStore(async (store) => {
    await say(store, 'Hello')
    expect(() => searchHistory(store.sql, input)).toThrow(message)
  }))

  test('a search without hits gives a hint', () => withStore(async (store) => {
    expect(searchHistory(store.sql, { query: 'zebra' })).toContain('Try fewer or other words')
  }))
})
