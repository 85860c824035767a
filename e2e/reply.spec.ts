import type { Device } from './harness/device.ts'
import { beforeAll, expect, test } from 'vitest'
import { waitUntil } from '../scripts/lib/wait-until.ts'
import { LONG_REPLY } from './fakes/model/long-reply.ts'
import { PHONE, send, visibleText } from './harness/device.ts'
import { readRows } from './harness/rows.ts'
import { useSystem } from './harness/use-system.ts'

/** One reply on two devices. The model stalls half-way, so that each test certainly acts in the middle of a reply. */
const system = useSystem('reply')
const IN_THE_MIDDLE = 60
let laptop: Device
let phone: Device

beforeAll(async () => {
  laptop = await system().device('laptop')
  phone = await system().device('phone', { viewport: PHONE, hasTouch: true })
})

test('a reply streams to both devices, and is complete on both although the edge restarts in the middle', async () => {
  await askAndStall()
  await system().edge.kill()
  await system().edge.start()

  for (const { page } of [laptop, phone]) {
    await visibleText(page, 'you can close the laptop now').waitFor()
    expect(await page.getByRole('heading', { name: 'From a message to a merged pull request' }).count()).toBe(1)
  }
  await bothEndWith('done', text => expect(text).toBe(LONG_REPLY))
})

test('a reply that is stopped on the other device ends on both with the same text', async () => {
  await askAndStall()
  await phone.page.getByRole('button', { name: 'Stop the reply' }).click()
  for (const { page } of [laptop, phone])
    await visibleText(page, 'You stopped this reply.').waitFor()
  await bothEndWith('stopped', isBeginning)
})

test('a refused key is reported on both devices, and one of them retries offline', async () => {
  system().model.fail('conversation', { kind: 'unauthorized' })
  await send(laptop.page, 'Hello')
  for (const { page } of [laptop, phone])
    await visibleText(page, /Set ANTHROPIC_API_KEY to a valid one/).waitFor()

  await takeOffline(phone)
  await phone.page.getByRole('button', { name: 'Try again' }).click()
  await phone.page.context().setOffline(false)
  for (const { page } of [laptop, phone])
    await visibleText(page, 'Hello. What shall we work on?').waitFor()
})

test('a reply that is stopped on an offline device ends once the device is back online', async () => {
  await askAndStall()
  // For the reply that the restarted edge resumes. It stays unused when the stop is faster, so this test is the last.
  system().model.fail('conversation', { kind: 'stall', afterEvents: IN_THE_MIDDLE })
  await takeOffline(phone)
  await phone.page.getByRole('button', { name: 'Stop the reply' }).click()
  await visibleText(phone.page, 'Stopping …').waitFor()
  await phone.page.context().setOffline(false)

  await expect.poll(() => visibleText(laptop.page, 'You stopped this reply.').count()).toBe(1)
  await bothEndWith('stopped', isBeginning)
})

async function askAndStall(): Promise<void> {
  const before = await replies(laptop)
  system().model.fail('conversation', { kind: 'stall', afterEvents: IN_THE_MIDDLE })
  await send(laptop.page, 'Explain the loop at length.')
  for (const { page } of [laptop, phone])
    await expect.poll(() => articles(page).count()).toBe(before.length + 1)
  await waitUntil('both to show the same text', async () => {
    const [one, other] = [await lastReply(laptop), await lastReply(phone)]
    return one === other && one.includes('one repository')
  })
}

/** The restart of the edge ends the device's socket, and offline it cannot open another. */
async function takeOffline({ page }: Device): Promise<void> {
  await page.context().setOffline(true)
  await system().edge.kill()
  await system().edge.start()
  await page.getByText(/^Offline since/).waitFor()
}

/** Checks the stored reply, and that both devices show exactly the same text. */
async function bothEndWith(state: string, check: (text: string) => void): Promise<void> {
  const last = await waitUntil('the reply to be stored', async () => {
    const last = (await replies(laptop)).at(-1)
    return last !== undefined && last.state !== 'streaming' && last
  })
  expect(last.state).toBe(state)
  check(last.text)
  await waitUntil('both to show the same', async () => await lastReply(laptop) === await lastReply(phone))
}

function isBeginning(text: string): void {
  expect(text).not.toBe('')
  expect(LONG_REPLY.startsWith(text)).toBe(true)
}

async function replies(device: Device) {
  return (await readRows(device)).messages.filter(message => message.kind === 'claude')
}

function articles(page: Device['page']) {
  return page.getByRole('log').getByRole('article', { name: 'Claude' })
}

/** Includes text that is folded or scrolled out of sight. */
async function lastReply({ page }: Device): Promise<string> {
  return await articles(page).last().textContent() ?? ''
}
