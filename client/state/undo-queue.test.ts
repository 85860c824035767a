import { expect, test } from 'vitest'
import { Refused } from '#shared/model/refusal.ts'
import { createUndoQueue, UNDO_MS } from './undo-queue.ts'

const TASK = { id: 'abcdefghi1', revision: 3 }

/** A device: its storage outlives its pages, and time passes when the test says so. */
function device() {
  const stored = new Map<string, string>()
  const calls: string[] = []
  let now = 1000
  let refusal: Error | null = null

  return {
    calls,
    stored,
    refuse: (error: Error) => void (refusal = error),
    page() {
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

test('a decision is made when five seconds are over, once', async () => {
  const { page, calls } = device()
  const open = page()
  open.add(TASK, { kind: 'approve-plan' })
  await open.pass(UNDO_MS - 1)
  expect([calls, open.list.value.length]).toEqual([[], 1])
  await open.pass(1)
  await open.pass(60_000)
  expect([calls, open.list.value]).toEqual([['abcdefghi1 approve-plan'], []])
})

test('undone in time it was never made, by no later page either', async () => {
  const { page, calls } = device()
  const open = page()
  open.add(TASK, { kind: 'dismiss' })
  open.undo(TASK.id)
  await open.pass(60_000)
  const next = page()
  next.resume(() => TASK.revision)
  await next.pass(60_000)
  expect(calls).toEqual([])
})

test('a page that leaves makes it at once', async () => {
  const { page, calls } = device()
  const open = page()
  open.add(TASK, { kind: 'confirm' })
  open.commitAll()
  expect(calls).toEqual(['abcdefghi1 confirm'])
})

test('a page that was killed leaves it to the next one', async () => {
  const { page, calls } = device()
  page().add(TASK, { kind: 'confirm' })
  const next = page()
  next.resume(() => TASK.revision)
  await next.pass(60_000)
  expect(calls).toEqual(['abcdefghi1 confirm'])
})

test('what has become of the task meanwhile is not overruled by an earlier page', async () => {
  const { page, calls } = device()
  page().add(TASK, { kind: 'confirm' })
  const next = page()
  next.resume(() => TASK.revision + 1)
  await next.pass(60_000)
  expect(calls).toEqual([])
})

test('another tab does not take over what this one still holds', async () => {
  const { page, calls } = device()
  const open = page()
  open.add(TASK, { kind: 'confirm' })
  const other = page()
  other.resume(() => TASK.revision)
  await open.pass(UNDO_MS)
  await open.pass(2_000)
  await other.pass(60_000)
  expect(calls).toEqual(['abcdefghi1 confirm'])
})

test('what cannot be done any more is said', async () => {
  const { page, refuse } = device()
  const open = page()
  refuse(new Refused('illegal', 'The task was cancelled.'))
  open.add(TASK, { kind: 'approve-plan' })
  await open.pass(UNDO_MS)
  expect(open.problems.value).toEqual([{ task: TASK.id, words: 'The task was cancelled.' }])
  open.dismiss(TASK.id)
  expect(open.problems.value).toEqual([])
})

test('a decision that an earlier version of the app noted on the device is still made', async () => {
  const { page, calls, stored } = device()
  stored.set('mainloop.held', JSON.stringify([{ task: TASK.id, event: { kind: 'approve-plan' }, revision: TASK.revision, until: 0 }]))
  const open = page()
  open.resume(() => TASK.revision)
  await open.pass(UNDO_MS)
  expect(calls).toEqual(['abcdefghi1 approve-plan'])
})
