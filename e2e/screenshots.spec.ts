import type { Page } from 'playwright-core'
import type { Device } from './harness/device.ts'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { sample } from './fakes/sample.ts'
import { accessibilityViolations } from './harness/accessibility.ts'
import { DESKTOP, openInbox, PHONE, send, visibleText } from './harness/device.ts'
import { measureLayoutStability } from './harness/layout-stability.ts'
import { waitForReview, waitForStatus } from './harness/sample-task.ts'
import { useSystem } from './harness/use-system.ts'

/** Screenshots for people, in e2e/.output/screenshots, with the checks of them that a program can make. */
const system = useSystem('screenshots', () => ({ charactersPerSecond: 900 }))
const devices: Device[] = []

beforeAll(async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    devices.push(await system().device(`desktop-${colorScheme}`, { viewport: DESKTOP, colorScheme }))
    devices.push(await system().device(`phone-${colorScheme}`, { viewport: PHONE, colorScheme, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }))
  }
})

test('a first run shows its empty screens', async () => {
  await picture('empty', page => visibleText(page, 'One thread. Say what you want done.').waitFor())
  await picture('inbox-empty', page => visit(page, '/inbox', 'Nothing waits for you.'))
  await picture('tasks-empty', page => visit(page, '/tasks', 'Nothing is being built.'))
  await picture('settings', page => visit(page, '/settings', 'Your data'))
  await picture('search-empty', page => visit(page, '/search', 'Search'))
})

test('the conversation shows a long reply', async () => {
  for (const { page } of devices)
    await visit(page, '/')
  await send(writer(), 'Explain the loop at length.')
  await picture('chat', page => visibleText(page, 'you can close the laptop now').waitFor())
})

test('a streaming reply moves nothing for readers further up, and is followed from the end', async () => {
  await Promise.all(devices.map(({ page }) => visibleText(page, 'you can close the laptop now').waitFor()))
  const [follower, reader, ...others] = devices.map(({ page }) => page)
  const readers = [must(reader, 'a phone'), must(others[0], 'a desktop')]
  const pages = [must(follower, 'a desktop'), must(others[1], 'a phone'), ...readers]
  for (const page of readers) {
    await page.getByRole('log').getByText('What the worker may do').last().scrollIntoViewIfNeeded()
    await page.getByRole('log').hover()
    await page.mouse.wheel(0, -300)
    await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  }
  const measurements = await Promise.all(pages.map(measureLayoutStability))
  await send(writer(), 'Explain the loop at length.')
  await Promise.all(pages.map(page => expect.poll(() => lastReply(page).getAttribute('aria-busy')).toBe('true')))
  await Promise.all(pages.map(page => expect.poll(() => lastReply(page).textContent()).toContain('you can close the laptop now')))
  await Promise.all(pages.map(page => expect.poll(() => lastReply(page).getAttribute('aria-busy')).toBe('false')))
  const measured = await Promise.all(measurements.map(end => end()))

  for (const { shift, moved, frames } of measured.slice(2)) {
    expect(frames).toBeGreaterThan(10)
    expect([shift, moved]).toEqual([0, 0])
  }
  for (const { shift, behind, frames } of measured.slice(0, 2)) {
    expect(frames).toBeGreaterThan(10)
    expect(behind).toBeLessThanOrEqual(1)
    expect(shift).toBeLessThan(0.1)
  }
  for (const page of readers) {
    await page.getByRole('button', { name: 'Jump to latest' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Jump to latest' }).count()).toBe(0)
  }
})

test('a proposal shows in the conversation', async () => {
  await send(writer(), sample.message)
  await picture('proposal', page => page.getByRole('button', { name: 'Start task' }).first().scrollIntoViewIfNeeded())
})

test('a running task shows in the conversation and on its own screen', async () => {
  // The worker's model stalls after it has written a file, so that the task runs for as long as the screenshots take.
  system().model.fail('worker', { kind: 'stall', afterEvents: 3 }, 2)
  system().runner.start()
  await writer().getByRole('button', { name: 'Start task' }).first().click()
  await waitForStatus('implementing', first())
  await picture('running', page => visibleText(page, 'countdown.js').scrollIntoViewIfNeeded())
  const { id } = await waitForStatus('implementing', first())
  await picture('task', page => visit(page, `/tasks/${id}`, 'Brief'))
})

test('a task in review shows in the inbox, the tasks and the search', async () => {
  // Dropping the stalled reply makes the worker send its request again, which the model answers.
  await expect.poll(() => system().model.requests().filter(({ caller }) => caller === 'worker').length).toBe(3)
  system().model.dropConnections()
  await waitForReview(system(), first())
  await picture('inbox', openInbox)
  await picture('tasks', page => visit(page, '/tasks', 'Waits for you'))
  await picture('search', async (page) => {
    await visit(page, '/search')
    await page.getByRole('searchbox', { name: 'Search everything' }).fill('countdown')
    await page.getByRole('list', { name: 'Results' }).getByRole('button').first().waitFor()
  })
})

function first(): Device {
  const [device] = devices
  if (!device)
    throw new Error('no device is paired')
  return device
}

function writer(): Page {
  return first().page
}

function lastReply(page: Page) {
  return page.getByRole('article', { name: 'Claude' }).last()
}

/** Navigates without loading the page again, as the app's own links do. */
async function visit(page: Page, path: string, text?: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState(null, '', path)
    dispatchEvent(new PopStateEvent('popstate'))
  }, path)
  if (text !== undefined)
    await page.getByText(text).first().waitFor()
}

/** Takes a screenshot on every device after `ready`; checks that the page has no overflow, no error and no barrier. */
async function picture(name: string, ready: (page: Page) => Promise<void>): Promise<void> {
  await Promise.all(devices.map(async (device) => {
    await ready(device.page)
    await device.page.screenshot({ path: join(system().log.folder, `${name}-${device.name}.png`), animations: 'disabled' })
    const overflow = await device.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect([device.name, overflow, device.errors]).toEqual([device.name, 0, []])
    expect(await accessibilityViolations(device.page), `accessibility of ${name} on ${device.name}`).toEqual([])
  }))
}
