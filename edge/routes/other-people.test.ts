import { reset } from 'cloudflare:test'
import { afterEach, describe, expect, test } from 'vitest'
import { isFrame, openLive, ORIGIN, pairDevice, post, pullBody, pushBody, request } from '../testing/harness.ts'
import { callRoute, createToken, pairAs } from './testing/call-route.ts'

afterEach(() => reset())

const get = (path: string, cookie: string) => request(path, { headers: { Cookie: cookie } })
const remove = (path: string, cookie: string) => request(path, { method: 'DELETE', headers: { Cookie: cookie, Origin: ORIGIN } })

describe('a second person on the same deployment', () => {
  test('can neither see nor remove the rows, devices and tokens of the first', async () => {
    const [ada, bob] = [await pairAs('ada'), await pairAs('bob')]
    await post('/api/push', pushBody(), ada)
    const { view } = await createToken('mcp', ada)
    const { devices: [device] } = await (await get('/api/devices', ada)).json<{ devices: { id: string }[] }>()

    expect(await (await get('/api/devices', bob)).text()).not.toContain(device?.id)
    expect(await (await get('/api/tokens', bob)).text()).not.toContain(view.id)
    const { token } = await createToken('mcp', bob)
    const tasks = await callRoute('ALL /mcp', token, { 'Content-Type': 'application/json', 'Accept': 'application/json, text/event-stream' })
    expect(await tasks.text()).not.toContain('Hello')

    await remove(`/api/tokens/${view.id}`, bob)
    await remove(`/api/devices/${device?.id}`, bob)
    expect(await (await get('/api/tokens', ada)).text()).toContain(view.id)
    expect((await get('/api/session', ada)).status).toBe(200)
  })

  test('gets no frames of the first on a socket', async () => {
    const [ada, bob] = [await pairAs('ada'), await pairAs('bob')]
    const socket = await openLive(bob)
    await post('/api/push', pushBody(), ada)
    socket.send('the error for this ends the wait')
    await socket.next(isFrame('error'))
    expect(socket.waiting()).toEqual([])
  })

  test.each(['/api/pull?person=ada&device=x&token=y', '/api/pull?identity=ada'])('gets no rows of the first by %s', async (path) => {
    const [ada, bob] = [await pairAs('ada'), await pairAs('bob')]
    await post('/api/push', pushBody(), ada)
    const response = await post(path, pullBody({ clientGroupID: 'other' }), bob)
    expect([response.status, await response.text()]).toEqual([200, expect.not.stringContaining('Hello')])
  })
})

describe('a device invited by one that is then revoked', () => {
  /** A phone in the wrong hands invites a device and accepts it; the device does not finish the pairing yet. */
  async function acceptedBy(phone: string): Promise<() => Promise<Response>> {
    const { id, code } = await (await post('/api/pairings', {}, phone)).json<{ id: string, code: string }>()
    const { claim } = await (await post('/api/pair/claim', { code, name: 'Sleeper' }, '')).json<{ claim: string }>()
    await post(`/api/pairings/${id}/answer`, { accept: true }, phone)
    return () => post('/api/pair/finish', { claim }, '')
  }

  test.each([
    ['by another device', async (laptop: string, phone: string) => {
      const { device } = await (await get('/api/session', phone)).json<{ device: { id: string } }>()
      await remove(`/api/devices/${device.id}`, laptop)
    }],
    ['by itself', async (_: string, phone: string) => void await post('/api/unpair', {}, phone)],
    ['with all data', async (laptop: string) => void await post('/api/erase', { everything: true }, laptop)],
  ])('cannot finish its pairing: %s', async (_, revoke) => {
    const [laptop, phone] = [await pairDevice('Laptop'), await pairDevice('Phone')]
    const finish = await acceptedBy(phone)
    await revoke(laptop, phone)
    const response = await finish()
    expect([response.status, response.headers.get('Set-Cookie')]).toEqual([401, null])
  })
})

test('the name of a new device is cut to one printable line', async () => {
  const owner = await pairDevice()
  const { id, code } = await (await post('/api/pairings', {}, owner)).json<{ id: string, code: string }>()
  await post('/api/pair/claim', { code, name: 'Phone\u001B[2K\r\nDoes it show "a b c"?\u202E' }, '')
  const view = await (await get(`/api/pairings/${id}`, owner)).json<{ name: string }>()
  expect(view.name).toBe('Phone [2K Does it show "a b c"?')
})
