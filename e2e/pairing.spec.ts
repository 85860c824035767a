import type { Page } from 'playwright-core'
import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { waitUntil } from '../scripts/lib/wait-until.ts'
import { startFakeTailscaleServe } from './fakes/tailscale-serve.ts'
import { composer, PHONE, send, visibleText } from './harness/device.ts'
import { freePort } from './harness/free-port.ts'
import { isStored } from './harness/is-stored.ts'
import { useSystem } from './harness/use-system.ts'

const ADA = 'ada@example.com'
const pairPort = await freePort()
const tailnet = await startFakeTailscaleServe(pairPort, ADA)
afterAll(tailnet.close)

const system = useSystem('pairing', () => ({
  runner: { MAINLOOP_PAIR_PORT: String(pairPort), MAINLOOP_PAIR_URL: tailnet.url, MAINLOOP_TAILNET_LOGINS: ADA },
}))
let first: Page
let second: Page
let foreign: string[]

beforeAll(async () => {
  first = (await system().device('laptop')).page
  second = await newPhone()
  foreign = []
  // The requests of a context include those of its service worker.
  for (const context of [first.context(), second.context()])
    context.on('request', request => isForeign(request.url()) && foreign.push(request.url()))
})

test('the first device invites a second by a link, and both show the same words', async () => {
  await first.getByRole('button', { name: 'Settings' }).click()
  await first.getByRole('button', { name: 'Add a device' }).click()
  const link = await first.locator('[data-link]').textContent()
  await second.goto(link ?? '')
  await second.getByLabel('Name of this device').fill('Phone')
  expect(await second.evaluate(() => location.href)).not.toContain('pair=')
  await second.getByRole('button', { name: 'Pair this device' }).click()
  const phrase = await second.locator('[data-phrase]').textContent()
  expect(await first.locator('[data-phrase]').textContent()).toBe(phrase)
  await first.screenshot({ path: `${system().log.folder}/invite.png` })
  await second.screenshot({ path: `${system().log.folder}/join.png` })

  await second.getByRole('button', { name: 'The words are the same' }).click()
  await first.getByRole('button', { name: 'Yes, add it' }).click()
  await composer(second).waitFor()
  await first.getByRole('list', { name: 'Devices' }).getByText('Phone').waitFor()
  await first.screenshot({ path: `${system().log.folder}/settings.png` })
})

test('a third device with a wrong code is refused', async () => {
  const response = await fetch(`${system().edge.url}/api/pair/claim`, {
    method: 'POST',
    headers: { origin: system().edge.url },
    body: JSON.stringify({ code: 'AAAA-AAAA', name: 'Third' }),
  })
  expect(response.status).toBe(401)
})

describe('a device that is revoked while it is offline with an unsent message', () => {
  beforeAll(async () => {
    await send(second, 'Delivered.')
    await visibleText(first, 'Delivered.').waitFor()
    await second.context().setOffline(true)
    await second.locator('input[type=file]').setInputFiles({ name: 'timetable.txt', mimeType: 'text/plain', buffer: Buffer.from('Departs 9:41.') })
    await second.getByRole('button', { name: 'Remove timetable.txt' }).waitFor()
    await send(second, 'Written on the train, never sent.')
    await visibleText(second, 'Written on the train, never sent.').waitFor()
    await waitUntil('the unsent message to be stored on the device', () => isStored(second, 'Written on the train, never sent.'))
    await first.getByRole('button', { name: 'Revoke Phone' }).click()
    await first.getByRole('list', { name: 'Devices' }).getByText('Phone').waitFor({ state: 'detached' })
    await second.context().setOffline(false)
  })

  test('says so, and shows and exports its unsent message and file', async () => {
    await second.getByRole('heading', { name: 'This device was unpaired' }).waitFor()
    await second.getByText('Written on the train, never sent.').waitFor()
    expect(await composer(second).count()).toBe(0)
    await second.screenshot({ path: `${system().log.folder}/revoked.png` })
    const download = second.waitForEvent('download')
    await second.getByRole('button', { name: 'Save what was not sent' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toContain('Written on the train, never sent.\n\nAttached: timetable.txt')
    const file = second.waitForEvent('download')
    await second.getByRole('button', { name: 'Save timetable.txt' }).click()
    expect(await readFile(await (await file).path(), 'utf8')).toBe('Departs 9:41.')
  })

  test('is refused, and the first device never got the message', async () => {
    expect((await second.request.get(`${system().edge.url}/api/session`)).status()).toBe(401)
    expect(await visibleText(first, 'Written on the train, never sent.').count()).toBe(0)
  })

  test('sends the message once it is paired again', async () => {
    await second.getByRole('button', { name: 'Pair this device' }).click()
    await second.getByLabel('Code or setup secret').fill(system().setupSecret)
    await second.getByRole('button', { name: 'Pair this device' }).click()
    await visibleText(first, 'Written on the train, never sent.').waitFor()
  })
})

describe('the pairing page that the runner serves to the tailnet', () => {
  let page: Page
  let third: Page
  beforeAll(async () => {
    system().runner.start()
    await waitUntil('the pairing page', async () => (await fetch(tailnet.url)).ok)
    page = await newPhone()
    third = await newPhone()
  })

  test('names the caller, and adds a device once the words were compared', async () => {
    await page.goto(tailnet.url)
    await page.getByText(`You are ${ADA} on this tailnet.`).waitFor()
    await page.getByRole('button', { name: 'Make a code' }).click()
    await page.getByRole('img', { name: 'QR code of the link' }).waitFor()
    await page.screenshot({ path: `${system().log.folder}/tailnet.png` })
    await third.goto(await page.locator('[data-link]').getAttribute('href') ?? '')
    await third.getByLabel('Name of this device').fill('Tablet')
    await third.getByRole('button', { name: 'Pair this device' }).click()
    const phrase = await third.locator('[data-phrase]').textContent()
    expect(await page.locator('[data-phrase]').textContent()).toBe(phrase?.trim())

    await third.getByRole('button', { name: 'The words are the same' }).click()
    await page.getByRole('button', { name: 'Yes, add it' }).click()
    await composer(third).waitFor()
    await page.getByRole('heading', { name: 'This code is over' }).waitFor()
  })

  test('refuses a forged identity that did not come through tailscale serve', async () => {
    const response = await fetch(`http://127.0.0.1:${pairPort}/`, { headers: { 'tailscale-user-login': ADA } })
    expect([response.status, await response.text()]).toEqual([421, expect.not.stringContaining(ADA)])
  })
})

test('a second person pairs by a link with their name, and sees nothing of the first', async () => {
  const page = await newPhone()
  const env = { SETUP_SECRET: system().setupSecret }
  const { stdout } = await execa(process.execPath, ['scripts/setup-link.ts', 'bob', '--edge', system().edge.url], { env })
  await page.goto(stdout)
  await page.getByText('with the mainloop of bob').waitFor()
  await page.screenshot({ path: `${system().log.folder}/second-person.png` })
  await page.getByRole('button', { name: 'Pair this device' }).click()
  await composer(page).waitFor()
  await send(page, 'Only for Bob.')
  await visibleText(page, 'Only for Bob.').waitFor()
  expect(await visibleText(page, 'Delivered.').count()).toBe(0)
  expect(await visibleText(first, 'Only for Bob.').count()).toBe(0)
})

test('a paired device removes a setup secret from its address', async () => {
  await first.goto(`${system().edge.url}/#setup=${system().setupSecret}`)
  await first.reload()
  await composer(first).waitFor()
  expect(first.url()).not.toContain(system().setupSecret)
})

test('the page sends requests to its own edge only, from its first request on', async () => {
  await first.reload()
  await composer(first).waitFor()
  expect(foreign).toEqual([])
})

test('an injected inline script does not run', async () => {
  const [ran, refused] = await first.evaluate(() => {
    const refused = new Promise<string>(resolve =>
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), { once: true }),
    )
    const script = document.createElement('script')
    script.textContent = 'document.title = "owned"'
    document.body.append(script)
    return refused.then(directive => [document.title === 'owned', directive] as const)
  })
  expect([ran, refused]).toEqual([false, 'script-src-elem'])
})

test.each(['/', '/index.html', '/service-worker.js', '/tasks/abcdefghij', '/nothing'])(
  'the policy of %s allows no inline script and no frame around it',
  async (path) => {
    const { headers } = await fetch(system().edge.url + path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain('default-src \'none\'')
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(policy).toContain('frame-ancestors \'none\'')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  },
)

async function newPhone(): Promise<Page> {
  const browser = must(first.context().browser(), 'a browser')
  return (await browser.newContext({ viewport: PHONE })).newPage()
}

function isForeign(url: string): boolean {
  return !url.startsWith(system().edge.url) && !/^(?:blob|data):/.test(url)
}

test('neither the setup secret nor the runner\'s token is in the edge\'s log', async () => {
  const logs = system().log.lines('edge').join('\n')
  // Miniflare logs requests; workerd does not.
  expect(logs).toMatch(/\/api\/pair|The edge listens/)
  for (const secret of [system().setupSecret, system().runnerToken])
    expect(logs).not.toContain(secret)
})
