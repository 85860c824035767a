import { expect, test } from 'vitest'
import { Refused } from '#shared/model/refusal.ts'
import { createUndoQueue, UNDO_MS } from './undo-queue.ts'

const TASK = { id: 'abcdefghi1', revision: 3 }

/** A device: its storage outlives its tabs, and the test moves the time. */
function device() {
  const stored = new Map<string, string>()
  const calls: string[] = []
  let now = 1000
  let refusal: Error | null = null

  return {
    calls,
    stored,
    refuse: (error: Error) => void (refusal = error),
    tab() {
      let timers: { at: number, run: () => void }[] = []
      const decisions = createUndoQueue({
        decide({ task, event }) {
          calls.push(`${task} ${event.kind}`)
          return refusal ? Promise.reject(refusal) : Promise.resolve()
        },
        storage: { getItem: key => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value) },
        now: () => now,
        later: (run, ms) => void timers.push({ at: now + ms, run }),
      })
      return {
        ...decisions,
        async pass(ms: number) {
          now += ms
          const due = timers.filter(({ at }) => at <= now)
          timers = timers.filter(timer => !due.includes(timer))
          due.forEach(({ run }) => run())
          await new Promise(resolve => setTimeout(resolve))
        },
      }
    },
  }
}

test('a decision is made once, after five seconds', async () => {
  const { tab, calls } = device()
  const first = tab()
  first.add(TASK, { kind: 'approve-plan' })
  await first.pass(UNDO_MS - 1)
  expect([calls, first.list.value.length]).toEqual([[], 1])
  await first.pass(1)
  await first.pass(60_000)
  expect([calls, first.list.value]).toEqual([['abcdefghi1 approve-plan'], []])
})

test('an undone decision is made by no tab', async () => {
  const { tab, calls } = device()
  const first = tab()
  first.add(TASK, { kind: 'dismiss' })
  first.undo(TASK.id)
  await first.pass(60_000)
  const next = tab()
  next.resume(() => TASK.revision)
  await next.pass(60_000)
  expect(calls).toEqual([])
})

test('a tab that is hidden makes its decisions at once', async () => {
  const { tab, calls } = device()
  const first = tab()
  first.add(TASK, { kind: 'confirm' })
  first.commitAll()
  expect(calls).toEqual(['abcdefghi1 confirm'])
})

test('the next tab makes the decisions of a crashed one', async () => {
  const { tab, calls } = device()
  tab().add(TASK, { kind: 'confirm' })
  const next = tab()
  next.resume(() => TASK.revision)
  await next.pass(60_000)
  expect(calls).toEqual(['abcdefghi1 confirm'])
})

test('a stored decision about an older revision is dropped', async () => {
  const { tab, calls } = device()
  tab().add(TASK, { kind: 'confirm' })
  const next = tab()
  next.resume(() => TASK.revision + 1)
  await next.pass(60_000)
  expect(calls).toEqual([])
})

test('a tab does not take over the decisions of an open tab', async () => {
  const { tab, calls } = device()
  const first = tab()
  first.add(TASK, { kind: 'confirm' })
  const other = tab()
  other.resume(() => TASK.revision)
  await first.pass(UNDO_MS)
  await first.pass(2_000)
  await other.pass(60_000)
  expect(calls).toEqual(['abcdefghi1 confirm'])
})

test('a refused decision is reported', async () => {
  const { tab, refuse } = device()
  const first = tab()
  refuse(new Refused('illegal', 'The task was cancelled.'))
  first.add(TASK, { kind: 'approve-plan' })
  await first.pass(UNDO_MS)
  expect(first.problems.value).toEqual([{ task: TASK.id, message: 'The task was cancelled.' }])
  first.dismiss(TASK.id)
  expect(first.problems.value).toEqual([])
})

test('a decision that an earlier version stored is still made', async () => {
  const { tab, calls, stored } = device()
  const decision = { task: TASK.id, event: { kind: 'approve-plan' }, revision: TASK.revision, until: 0 }
  stored.set('mainloop.held', JSON.stringify([decision]))
  const first = tab()
  first.resume(() => TASK.revision)
  await first.pass(UNDO_MS)
  expect(calls).toEqual(['abcdefghi1 approve-plan'])
})
