import type { Page } from 'playwright-core'
import type { Task } from '#shared/model/task.ts'
import type { Device } from './harness/device.ts'
import type { RestartableDevice } from './harness/restartable-device.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { waitUntil } from '../scripts/lib/wait-until.ts'
import { composer, send, untilSent, visibleText } from './harness/device.ts'
import { freezePage } from './harness/freeze-page.ts'
import { pairRestartableDevice } from './harness/restartable-device.ts'
import { readRows } from './harness/rows.ts'
import { startScriptedRunner } from './harness/scripted-runner.ts'
import { useSystem } from './harness/use-system.ts'

/** Two devices without a network: workerd is killed and the browsers are offline. Each test continues from the previous one. */
const system = useSystem('offline')
const NOT_SENT = 'Saved here, not sent yet'
let laptop: RestartableDevice
let phone: Device

beforeAll(async () => {
  laptop = await pairRestartableDevice(system(), 'laptop')
  phone = await system().device('phone')
  for (const name of ['started', 'cancelled', 'answered'])
    await propose(name)
  await startTasks()
  for (const { page } of [laptop, phone]) {
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.getByText('Which colour?').last().waitFor()
  }
  await cut()
})
afterAll(() => laptop?.close())

test('everything that is done offline is shown as saved but not sent', async () => {
  const { page } = laptop
  await page.getByText(/^Offline since/).waitFor()
  await send(page, 'Written without a network.')
  await start(page, 'started')
  await page.getByRole('button', { name: 'Blue' }).last().click()
  await page.getByRole('button', { name: 'Send answers' }).last().click()
  await cancel(page, 'cancelled')

  for (const text of ['Written without a network.', 'The task was started.', 'The questions were answered.', 'The task was cancelled.'])
    await unsent(page, text).waitFor()
  await composer(page).fill('Half a thought')
})

test('a reload loses nothing', async () => {
  await laptop.page.reload()
  await expectUnsentWork(laptop.page)
})

test('quitting the browser loses nothing', async () => {
  await laptop.restart()
  await expectUnsentWork(laptop.page)
})

test('killing the browser as soon as it says "Saved here" loses nothing', async () => {
  for (const text of ['Written before a kill.', 'Written before another kill.']) {
    await send(laptop.page, text)
    await unsent(laptop.page, text).waitFor()
    await laptop.kill()
    await unsent(laptop.page, text).waitFor()
  }
  await expectUnsentWork(laptop.page)
})

test('another offline device makes a conflicting decision', async () => {
  await dismiss(phone.page, 'started')
  await send(phone.page, 'Written on the phone.')
  await unsent(phone.page, 'Written on the phone.').waitFor()
})

test('back online everything is delivered, and both devices show the same', async () => {
  await system().edge.start()
  await laptop.page.context().setOffline(false)
  await untilSent(laptop.page)
  await phone.page.context().setOffline(false)
  await untilSent(phone.page)

  const { messages, tasks } = await readRows(laptop)
  const texts = messages.flatMap(message => message.kind === 'person' ? [message.text] : [])
  expect(texts.filter(text => text.startsWith('Written'))).toEqual([
    'Written without a network.',
    'Written before a kill.',
    'Written before another kill.',
    'Written on the phone.',
  ])
  expect(Object.fromEntries(tasks.map(({ repository, state }) => [repository, state.status]))).toEqual({
    'ada/started': 'queued',
    'ada/cancelled': 'cancelled',
    'ada/answered': 'planning',
  })
  await waitUntil('both devices to show the same', async () => await threadText(laptop.page) === await threadText(phone.page))
})

test('only the device whose decision came too late is told', async () => {
  await phone.page.getByRole('alert').filter({ hasText: 'Not done:' }).waitFor()
  expect(await laptop.page.getByRole('alert').filter({ hasText: 'Not done:' }).count()).toBe(0)
})

test('a background tab catches up when it comes to the front, although the edge restarted', async () => {
  const resume = await freezePage(laptop.page)
  await system().edge.kill()
  await phone.page.getByText(/^Offline since/).waitFor()
  await system().edge.start()
  await send(phone.page, 'While you were away')
  await untilSent(phone.page)
  await resume()
  await visibleText(laptop.page, 'While you were away').waitFor()
})

test('the app can be installed', async () => {
  const cdp = await laptop.page.context().newCDPSession(laptop.page)
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual([])
})

async function propose(name: string) {
  await send(laptop.page, `Change the greeting in ada/${name}`)
  await visibleText(laptop.page, 'The answer to that').nth(0).waitFor()
  await waitUntil(`the proposal ${name}`, () => taskOf(name).catch(() => null))
}

/** Leaves the task "cancelled" queued, and the task "answered" with a plan that asks a question. */
async function startTasks() {
  const { page } = laptop
  await proposal(page, 'answered').getByRole('checkbox', { name: /^Plan first/ }).check()
  await start(page, 'answered')
  await start(page, 'cancelled')
  const { id } = await waitUntil('the task to be started', async () => (await taskOf('answered')).state.status === 'queued' && taskOf('answered'))
  const runner = await startScriptedRunner(system())
  await runner.report(id, { kind: 'started', attempt: 1 })
  const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
  const questions = [{ id: 'q1', text: 'Which colour?', options: ['Red', 'Blue'] }]
  expect(await runner.report(id, { kind: 'ended', attempt: 1, result: { outcome: 'planned', plan: 'Paint it.', questions, usage } })).toBeNull()
  await runner.close()
}

async function taskOf(name: string): Promise<Task> {
  return must((await readRows(laptop)).tasks.find(({ repository }) => repository === `ada/${name}`), `the task on ada/${name}`)
}

async function cut() {
  await Promise.all([laptop, phone].map(({ page }) => page.context().setOffline(true)))
  await system().edge.kill()
}

/** Checks that everything done on the laptop so far is on its screen, still unsent. */
async function expectUnsentWork(page: Page) {
  await unsent(page, 'Written without a network.').waitFor()
  for (const text of ['The task was started.', 'The task was cancelled.'])
    await unsent(page, text).waitFor()
  await visibleText(page, 'Change the greeting in ada/started').waitFor()
  expect(await composer(page).inputValue()).toBe('Half a thought')
}

function entry(page: Page, text: string) {
  return page.getByRole('log').getByRole('article').filter({ hasText: text })
}

function unsent(page: Page, text: string) {
  return entry(page, text).filter({ hasText: NOT_SENT })
}

async function threadText(page: Page): Promise<string> {
  return (await page.getByRole('log').allInnerTexts()).join()
}

function proposal(page: Page, name: string) {
  return entry(page, `ada/${name}`).filter({ has: page.getByRole('button', { name: 'Start task' }) })
}

async function start(page: Page, name: string) {
  await proposal(page, name).getByRole('button', { name: 'Start task' }).click()
}

async function dismiss(page: Page, name: string) {
  await proposal(page, name).getByRole('button', { name: 'Dismiss' }).click()
}

async function cancel(page: Page, name: string) {
  await page.getByRole('region', { name: 'Tasks' }).getByRole('button').filter({ hasText: `ada/${name}` }).click()
  await page.getByRole('button', { name: 'Cancel task' }).click()
  await page.getByRole('button', { name: 'Back to the tasks' }).click()
}
