import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { OWNER } from '../auth/person-id.ts'
import { filesOf } from '../bindings.ts'
import { openLive, pairDevice, post, pullBody, pushBody, request } from '../testing/harness.ts'

afterEach(() => {
  vi.restoreAllMocks()
  return reset()
})

async function pairAndSend(): Promise<string> {
  const cookie = await pairDevice()
  await post('/api/push', pushBody(), cookie)
  return cookie
}

test.each([
  ['json', 'mainloop.json', /"kind":"person".*"text":"Hello"/],
  ['markdown', 'mainloop.md', /### person, .*\n\nHello\n/],
])('an export as %s is a file that no browser opens by itself', async (format, file, content) => {
  const response = await request(`/api/export?format=${format}`, { headers: { Cookie: await pairAndSend() } })
  const text = await response.text()
  expect(text).toMatch(content)
  expect(text).not.toMatch(/token_hash|mld\./)
  expect([response.headers.get('Content-Disposition'), response.headers.get('Content-Type')]).toEqual([
    `attachment; filename="${file}"`,
    'application/octet-stream',
  ])
})

test('the JSON holds rows and side tables, but no secrets', async () => {
  const response = await request('/api/export', { headers: { Cookie: await pairAndSend() } })
  const everything = await response.json<Record<string, unknown>>()
  expect(Object.keys(everything)).toEqual(expect.arrayContaining(['rows', 'turns', 'spans', 'log_lines']))
  for (const secret of ['devices', 'tokens', 'push_subscriptions', 'deliveries'])
    expect(Object.keys(everything)).not.toContain(secret)
})

test('an export in another format is refused', async () => {
  expect((await request('/api/export?format=exe', { headers: { Cookie: await pairDevice() } })).status).toBe(400)
})

test('deletion leaves no rows, no devices and no sockets', async () => {
  const cookie = await pairAndSend()
  const socket = await openLive(cookie)
  expect((await post('/api/erase', {}, cookie)).status).toBe(400)
  expect((await post('/api/erase', { everything: true }, cookie)).status).toBe(200)
  await socket.closed
  expect((await request('/api/session', { headers: { Cookie: cookie } })).status).toBe(401)
  expect(await (await post('/api/pull', pullBody(), await pairDevice())).text()).not.toContain('Hello')
})

describe('deletion, with R2', () => {
  const erase = (cookie: string) => post('/api/erase', { everything: true }, cookie)
  const session = async (cookie: string) => (await request('/api/session', { headers: { Cookie: cookie } })).status

  /** Runs `action` just before R2 answers the nth listing of a bucket, wherever in the Worker it is requested. */
  function atListing(nth: number, action: () => Promise<unknown>): void {
    const R2 = Object.getPrototypeOf(env.ATTACHMENTS) as R2Bucket
    const { list } = R2
    let listings = 0
    vi.spyOn(R2, 'list').mockImplementation(async function (this: R2Bucket, options) {
      const page = await list.call(this, options)
      if (++listings === nth)
        await action()
      return page
    })
  }
  const fails = () => Promise.reject(new Error('R2 is away'))

  test('changes nothing and can be repeated when R2 fails at first', async () => {
    const cookie = await pairAndSend()
    atListing(1, fails)
    expect([(await erase(cookie)).status, await session(cookie)]).toEqual([500, 200])
    expect([(await erase(cookie)).status, await session(cookie)]).toEqual([200, 401])
  })

  test('succeeds when R2 fails once everything else is gone', async () => {
    const cookie = await pairAndSend()
    const { id } = await (await post('/api/pairings', {}, cookie)).json<{ id: string }>()
    atListing(2, fails)
    const erased = await erase(cookie)
    expect([erased.status, erased.headers.get('Set-Cookie'), await session(cookie)]).toEqual([200, expect.stringContaining('Max-Age=0'), 401])
    const again = await pairDevice()
    expect(await (await request(`/api/pairings/${id}`, { headers: { Cookie: again } })).json()).toEqual({ state: 'over' })
    expect((await post('/api/push', pushBody(), again)).status).toBe(200)
  })

  test('leaves no file that was uploaded meanwhile', async () => {
    const cookie = await pairAndSend()
    const files = filesOf(env, OWNER)
    atListing(1, () => files.write('a'.repeat(64) as Parameters<typeof files.write>[0], new Uint8Array(3)))
    expect((await erase(cookie)).status).toBe(200)
    expect((await env.ATTACHMENTS.list()).objects).toEqual([])
  })
})
