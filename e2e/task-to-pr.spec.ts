import type { Device } from './harness/device.ts'
import { beforeAll, expect, test } from 'vitest'
import { sample } from './fakes/sample.ts'
import { composer, inboxOf, openInbox, PHONE, send, visibleText } from './harness/device.ts'
import { EXPECTED_EVENTS, taskOutcome, waitForReview, waitForStatus } from './harness/sample-task.ts'
import { useSystem } from './harness/use-system.ts'

/** The main path from a message to a merged pull request. Each test continues from the previous one. */
const system = useSystem('task-to-pr')
let laptop: Device
let phone: Device

beforeAll(async () => {
  laptop = await system().device('laptop')
  phone = await system().device('phone', { viewport: PHONE, hasTouch: true, isMobile: true })
  system().runner.start()
})

test('a message on one device appears on the other', async () => {
  await send(laptop.page, sample.message)
  await visibleText(phone.page, sample.message).waitFor()
})

test('the reply streams to both, and proposes a task', async () => {
  for (const { page } of [laptop, phone]) {
    await visibleText(page, 'The proposal stands here').waitFor()
    await page.getByRole('button', { name: 'Start task' }).first().waitFor()
  }
  expect(system().fakes.github.pulls(sample.repository)).toEqual([])
})

test('a task that is started on the phone shows as started on both', async () => {
  await phone.page.getByRole('button', { name: 'Start task' }).first().click()
  for (const { page } of [laptop, phone])
    await visibleText(page, 'The task was started.').waitFor()
})

test('the first run of CI fails, the fix is made from its log, and the second run passes', async () => {
  const task = await waitForReview(system(), laptop)
  expect(task.state).toMatchObject({ ci: 'passed' })
  const runs = system().fakes.github.workflowRuns(sample.repository)
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success'])
  const fix = system().model.requests().find(({ prompt }) => prompt.includes('Checks failed on the commit'))
  expect(fix?.prompt).toContain(sample.excerpt)
})

test('one pull request is ready, with one commit of each attempt', async () => {
  expect(await taskOutcome(system(), laptop)).toEqual({
    status: 'in_review',
    attempts: ['implement: published', 'fix: published'],
    events: EXPECTED_EVENTS,
    pulls: [{ state: 'open', draft: false, branch: true }],
    commits: 2,
  })
})

test('each commit names the person as co-author', async () => {
  const { fakes } = system()
  const [pull] = fakes.github.pulls(sample.repository)
  const commits = await fakes.github.commits(sample.repository, pull?.head ?? '')
  expect(commits.map(({ message }) => /^Co-authored-by: mainloop-bot <\d+\+mainloop-bot@users\.noreply\.\S+>$/m.test(message))).toEqual([true, true])
})

test('the pull request waits in the inbox of both', async () => {
  for (const { page } of [laptop, phone]) {
    await openInbox(page)
    await inboxOf(page).getByRole('article', { name: `Pull request ready: ${sample.title}` }).waitFor()
  }
})

test('the conversation reports the green CI, and the next reply knows it', async () => {
  await laptop.page.keyboard.press('Escape')
  await visibleText(laptop.page, /CI is green: \d/).waitFor()
  await composer(laptop.page).waitFor()
  await send(laptop.page, 'What happened?')
  await visibleText(laptop.page, 'CI is green after one fix').waitFor()
})

test('a merge on GitHub ends the task', async () => {
  await system().fakes.github.merge(sample.repository, 1)
  await waitForStatus('merged', phone)
  await visibleText(laptop.page, 'The pull request was merged.').waitFor()
})

test('no request is unknown to GitHub\'s API, and no page had an error', () => {
  expect(system().fakes.github.violations).toEqual([])
  expect([...laptop.errors, ...phone.errors]).toEqual([])
})
