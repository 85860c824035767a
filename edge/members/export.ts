import type { Json } from '#shared/model/json.ts'
import type { Message } from '#shared/model/message.ts'
import type { Files } from '../attachments/files.ts'
import { message, MESSAGE_PREFIX } from '#shared/model/message.ts'
import { note, NOTE_PREFIX } from '#shared/model/note.ts'
import { task, TASK_PREFIX } from '#shared/model/task.ts'
import { decodeValue } from '../store/rows.ts'

/** Rows read at once, so that an export of any length needs little memory. */
const PAGE_ROWS = 500

/** Tables without data of the person: credentials, the state of delivery, and records about other tables. */
const INTERNAL = new Set([
  'tokens',
  'devices',
  'push_subscriptions',
  'deliveries',
  'outbox',
  'clients',
  'client_groups',
  'migrations',
  'horizons',
  'meta',
  'rows',
])

/** Exports all data as one JSON document, which is written while it is read. */
export async function* exportJson(sql: SqlStorage, files: Files): AsyncGenerator<string> {
  yield '{"rows":{'
  let first = true
  for (const { key, value } of storedRows(sql)) {
    yield `${first ? '' : ','}\n${JSON.stringify(key)}:${JSON.stringify(value)}`
    first = false
  }
  yield '\n}'
  for (const table of sideTables(sql)) {
    yield `,\n${JSON.stringify(table)}:[`
    for (const [n, row] of tableRows(sql, table))
      yield `${n > 0 ? ',' : ''}\n${JSON.stringify(row)}`
    yield '\n]'
  }
  // The files have the ids that the messages name, and are in base64.
  yield ',\n"files":{'
  first = true
  for await (const id of files.ids()) {
    const bytes = await files.read(id)
    if (bytes)
      yield `${first ? '' : ','}\n${JSON.stringify(id)}:"${bytes.toBase64()}"`
    first &&= bytes === null
  }
  yield '\n}}\n'
}

/** Exports the parts that a person reads: the conversation, the notes and the tasks. */
export function* exportMarkdown(sql: SqlStorage): Generator<string> {
  yield '# mainloop\n\n## Conversation\n'
  for (const { value } of storedRows(sql, MESSAGE_PREFIX)) {
    const read = message.safeParse(value)
    if (read.success)
      yield `\n### ${read.data.kind}, ${new Date(read.data.at).toISOString()}\n\n${textOf(read.data)}\n`
  }
  yield '\n## Notes\n'
  for (const { value } of storedRows(sql, NOTE_PREFIX)) {
    const read = note.safeParse(value)
    if (read.success)
      yield `\n- ${read.data.text.replaceAll('\n', '\n  ')}\n`
  }
  yield '\n## Tasks\n'
  for (const { value } of storedRows(sql, TASK_PREFIX)) {
    const read = task.safeParse(value)
    if (read.success)
      yield `\n### ${read.data.title}\n\n${read.data.repository}: ${read.data.state.status}\n\n${read.data.brief}\n`
  }
}

/** A message's text with the names of its files, whose contents are in the JSON export. */
function textOf(message: Message): string {
  const names = message.kind === 'person' ? message.files?.map(({ file }) => `Attached: ${file.name}`) ?? [] : []
  return ['text' in message ? message.text : message.task, ...names].filter(Boolean).join('\n\n')
}

function* storedRows(sql: SqlStorage, prefix = ''): Generator<{ key: string, value: Json }> {
  let after = prefix
  for (;;) {
    const page = sql.exec<{ key: string, value: string }>(
      'SELECT key, value FROM rows WHERE key > ? AND key < ? AND value IS NOT NULL ORDER BY key LIMIT ?',
      after,
      `${prefix}\u{10FFFF}`,
      PAGE_ROWS,
    ).toArray()
    for (const { key, value } of page)
      yield { key, value: decodeValue(value) }
    const last = page.at(-1)
    if (!last)
      return
    after = last.key
  }
}

function* tableRows(sql: SqlStorage, table: string): Generator<[n: number, row: Record<string, SqlStorageValue>]> {
  let n = 0
  for (;;) {
    const page = sql.exec(`SELECT * FROM "${table}" LIMIT ? OFFSET ?`, PAGE_ROWS, n).toArray()
    for (const row of page)
      yield [n++, row]
    if (page.length === 0)
      return
  }
}

/** All tables but the internal ones and the search index, so that a new table is exported by default. */
function sideTables(sql: SqlStorage): string[] {
  const tables = sql
    .exec<{ name: string }>('SELECT name FROM sqlite_master WHERE type = \'table\'')
    .toArray()
    .map(({ name }) => name)
  return tables.filter(name => !INTERNAL.has(name) && !/^(?:sqlite_|_cf_|search)/.test(name))
}
