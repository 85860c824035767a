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

test.each<[sentence: string, all: PendingNotice[], told: string[], present: boolean, send: string[], told: string[], retryAt: number | null]>([
  ['what is new is told', [item('a')], [], false, ['a'], ['a'], null],
  ['what was told is not told again', [item('a')], ['a'], false, [], ['a'], null],
  ['what waits no more is forgotten', [], ['a'], false, [], [], null],
  ['who is at a device is given time to see it there', [item('a', NOW)], [], true, [], [], NOW + 30_000],
  ['and is told when they did not', [item('a', NOW - 30_000)], [], true, ['a'], ['a'], null],
  ['who is away is told at once', [item('a', NOW)], [], false, ['a'], ['a'], null],
  ['a reply is told to who is away', [reply], [], false, ['reply'], ['reply'], null],
  ['a reply was seen by who is there', [reply], [], true, [], ['reply'], null],
  ['a reply that brought a task is one notice', [item('a'), reply], [], false, ['a'], ['a', 'reply'], null],
  ['a task held back does not hold back the others', [item('a', NOW - 10_000), item('b')], [], true, ['b'], ['b'], NOW + 20_000],
])('%s', (_, all, told, present, send, then, retryAt) => {
  const plan = planNotices(all, told, { present, now: NOW })
  expect([plan.send.map(({ mark }) => mark), plan.told, plan.retryAt]).toEqual([send, then, retryAt])
})

test('each thing that waits has its words, and leads to its place', () => {
  const states = [STATES.plan_review, STATES.waiting_answer, STATES.in_review, STATES.failed, STATES.implementing, STATES.merged]
  const tasks = states.map((state, i) => buildTask({ id: `task00000${i}`, title: 'Tea', state: { ...state, since: 5 }, seen: 0 }))
  expect(pendingNotices(tasks, [], { state: 'idle', since: 7 }).map(({ notice }) => [notice.title, notice.body, notice.path])).toEqual([
    ['A plan to approve', 'Tea', '/tasks/task000000'],
    ['Claude has questions', 'Tea', '/tasks/task000001'],
    ['A pull request is ready', 'Tea', '/tasks/task000002'],
    ['A task needs you', 'Tea', '/tasks/task000003'],
    ['Claude has answered', 'Open the conversation to read on.', '/'],
  ])
})

test('what was seen on a device, and a reply under way, are nothing to tell', () => {
  const seen = buildTask({ state: { ...STATES.plan_review, since: 5 }, seen: 5 })
  expect(pendingNotices([seen], [], { state: 'running', since: 7, id: 't' })).toEqual([])
})
