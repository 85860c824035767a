import type { PendingNotice } from './notices.ts'
import { expect, test } from 'vitest'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { pendingNotices } from './notices.ts'
import { planNotices } from './plan-notices.ts'

const NOW = 1_000_000
function item(mark: string, since = 0): PendingNotice {
  return {
    mark,
    since,
    kind: 'item',
    notice: { title: 'A plan to approve', body: 'Tea', tag: mark, path: '/' },
  }
}
const reply: PendingNotice = { ...item('reply'), kind: 'reply' }

type Case = [sentence: string, all: PendingNotice[], told: string[], present: boolean, send: string[], then: string[], retryAt: number | null]

test.each<Case>([
  ['a new item is sent', [item('a')], [], false, ['a'], ['a'], null],
  ['an item with a mark is not sent again', [item('a')], ['a'], false, [], ['a'], null],
  ['the mark of an item that is no longer pending is dropped', [], ['a'], false, [], [], null],
  ['a present person gets time to see the item on the screen', [item('a', NOW)], [], true, [], [], NOW + 30_000],
  ['a present person is notified after that time', [item('a', NOW - 30_000)], [], true, ['a'], ['a'], null],
  ['a person who is away is notified at once', [item('a', NOW)], [], false, ['a'], ['a'], null],
  ['a reply is sent to a person who is away', [reply], [], false, ['reply'], ['reply'], null],
  ['a reply is not sent to a present person', [reply], [], true, [], ['reply'], null],
  ['a reply with a new item is one notice', [item('a'), reply], [], false, ['a'], ['a', 'reply'], null],
  ['an item held back does not hold back others', [item('a', NOW - 10_000), item('b')], [], true, ['b'], ['b'], NOW + 20_000],
])('%s', (_, all, told, present, send, then, retryAt) => {
  const plan = planNotices(all, told, { present, now: NOW })
  expect([plan.send.map(({ mark }) => mark), plan.told, plan.retryAt]).toEqual([send, then, retryAt])
})

test('each notice has its title, text and path', () => {
  const states = [STATES.plan_review, STATES.waiting_answer, STATES.in_review, STATES.failed, STATES.implementing, STATES.merged]
  const tasks = states.map((state, i) => buildTask({ id: `task00000${i}`, title: 'Tea', state: { ...state, since: 5 }, seen: 0 }))
  expect(pendingNotices(tasks, [], { state: 'idle', since: 7 }, 8).map(({ notice }) => [notice.title, notice.body, notice.path])).toEqual([
    ['A plan to approve', 'Tea', '/tasks/task000000'],
    ['Claude has questions', 'Tea', '/tasks/task000001'],
    ['A pull request is ready', 'Tea', '/tasks/task000002'],
    ['A task needs you', 'Tea', '/tasks/task000003'],
    ['Claude has answered', 'Open the conversation to read on.', '/'],
  ])
})

test('a seen item and a running turn cause no notice', () => {
  const seen = buildTask({ state: { ...STATES.plan_review, since: 5 }, seen: 5 })
  expect(pendingNotices([seen], [], { state: 'running', since: 7, id: 't' }, 8)).toEqual([])
})
