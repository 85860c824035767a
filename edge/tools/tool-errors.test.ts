import { expect, test } from 'vitest'
import { noteKey } from '#shared/model/note.ts'
import { taskKey } from '#shared/model/task.ts'
import { sendMessage } from '#shared/mutators/send-message.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { newTaskId } from '../tasks/propose-task.ts'
import { withStore } from '../testing/harness.ts'
import { runTool } from './run-tool.ts'
import { tools } from './tools.ts'

const MERGED = 'a1b2c3d4e5'
const REVIEWED = 'b1b2c3d4e5'
const proposal = { repository: 'acme/app', title: 'Fix it', brief: 'Now.' }
const wrong = (name: string) => `The arguments of ${name} are wrong. Nothing was done. Correct them and call it again.\n`

const CASES: [tool: string, input: object, message: string][] = [
  ['spawn_task', { ...proposal, repository: undefined }, 'Name a repository as owner/name. Used last: octo/hello.'],
  [
    'spawn_task',
    { ...proposal, repository: 'acme' },
    '"acme" does not name a repository. Write owner/name or https://github.com/owner/name. Used last: octo/hello.',
  ],
  [
    'spawn_task',
    { ...proposal, repository: 'https://gitlab.com/a/b' },
    'gitlab.com is not GitHub. Only repositories on github.com can be worked on. Used last: octo/hello.',
  ],
  ['spawn_task', { ...proposal, brief: '' }, wrong('spawn_task')],
  ['spawn_task', { ...proposal, budgetUsd: -1 }, wrong('spawn_task')],
  ['list_tasks', { which: 'mine' }, wrong('list_tasks')],
  ['get_task', {}, wrong('get_task')],
  ['get_task', { task: 'nothing000' }, 'There is no task "nothing000". Call list_tasks with which "all" to see their ids.'],
  ['message_task', { task: REVIEWED, message: ' ' }, wrong('message_task')],
  ['message_task', { task: 'nothing000', message: 'Hi' }, 'There is no task "nothing000". Call list_tasks with which "all" to see their ids.'],
  ['message_task', { task: MERGED, message: 'Hi' }, 'The task is merged. Call get_task to see how it stands.'],
  ['cancel_task', { task: REVIEWED }, wrong('cancel_task')],
  ['cancel_task', { task: 'nothing000', why: 'Done.' }, 'There is no task "nothing000". Call list_tasks with which "all" to see their ids.'],
  ['cancel_task', { task: MERGED, why: 'Done.' }, 'The task is merged. Call get_task to see how it stands.'],
  ['list_repos', { limit: 0 }, wrong('list_repos')],
  ['search_history', {}, 'Give a query of a few words, or the number of a message to read around.'],
  ['search_history', { around: 99 }, 'There is no message 99. Search first; each result says its number.'],
  ['search_history', { around: 1, part: 3 }, 'Message 1 has one part; there is no part 3.'],
  ['search_history', { around: -1 }, wrong('search_history')],
  ['remember', { text: '' }, wrong('remember')],
  ['remember', { text: 'x'.repeat(1_001) }, wrong('remember')],
  ['remember', { text: 'New', replaces: 'gone' }, 'There is no note "gone". Leave out "replaces" to keep this as a new note.'],
  ['remember', { text: 'x'.repeat(1_000) }, 'There is no room for this note: all notes together can have 10,000 characters. Shorten or delete one first.'],
  ['forget', {}, wrong('forget')],
  ['forget', { note: 'gone' }, 'There is no note "gone". The notes stand before the conversation with their ids, and search_history finds them.'],
]

test.each(CASES)('%s %j says what to do next, and leaves nothing behind', (name, input, message) => withStore(async (store) => {
  await store.commit(async (tx) => {
    await sendMessage(tx, { id: 'm', text: 'Hello' })
    await tx.set(taskKey(MERGED), buildTask({ id: MERGED, state: STATES.merged }))
    await tx.set(taskKey(REVIEWED), buildTask({ id: REVIEWED, state: STATES.in_review }))
    for (let n = 0; n < 10; n++)
      await tx.set(noteKey(`n${n}`), { id: `n${n}`, text: 'x'.repeat(950), by: 'person', createdAt: n, changedAt: n })
  })
  const before = store.version()
  const result = await store.commit(tx =>
    runTool(
      tx,
      { name, input: JSON.parse(JSON.stringify(input)) },
      { sql: store.sql, newTaskId, newId: () => 'new', caller: { name: 'Claude', mayAct: false } },
    ),
  )
  expect(result).toEqual({ isError: true, text: expect.stringContaining(message) })
  expect(result.text.startsWith(message)).toBe(true)
  expect(store.version()).toBe(before)
}))

test('every tool has a case', () => {
  expect([...new Set(CASES.map(([name]) => name))].toSorted()).toEqual([...tools.keys()].toSorted())
})
