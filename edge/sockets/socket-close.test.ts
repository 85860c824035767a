import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import type { LiveSocket, TestSocket } from '../testing/harness.ts'
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { RUNNER_STATUS_KEY } from '#shared/model/status.ts'
import { CLOSE } from '#shared/protocol/live.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { createStore } from '../store/create-store.ts'
import { isFrame, mainloop, openLive, openSocket, pairDevice } from '../testing/harness.ts'
import { attachDevice } from './device-socket.ts'

afterEach(() => reset())

type Closable = Pick<LiveSocket, 'close' | 'closed'>

const OPEN: [whose: string, open: () => Promise<Closable>][] = [
  ['a device', async () => openLive(await pairDevice())],
  ['a runner', () => openSocket('/runner', { Authorization: 'Bearer runner-token-for-tests' })],
]

describe.each(OPEN)('the socket of %s', (_, open) => {
  test.each<[string, Parameters<Closable['close']>, { code: number, reason: string }]>([
    ['with a code', [1000, 'done'], { code: 1000, reason: 'done' }],
    ['with a code of its own', [4123, 'going'], { code: 4123, reason: 'going' }],
    ['without a code', [], { code: 1005, reason: '' }],
  ])('is closed by the edge too when the client closes it %s', async (_, close, event) => {
    const socket = await open()
    socket.close(...close)
    expect(await socket.closed).toMatchObject({ ...event, wasClean: true })
    expect(await openSockets()).toBe(0)
  })

  test('is closed by the edge too when the object slept', async () => {
    const socket = await open()
    await evictDurableObject(mainloop(), { webSockets: 'hibernate' })
    socket.close(1000, 'done')
    expect(await socket.closed).toMatchObject({ code: 1000, wasClean: true })
  })
})

test('a runner whose close cannot be answered is shown as offline', async () => {
  const runner: TestSocket<RunnerUp, RunnerDown> = await openSocket('/runner', { Authorization: 'Bearer runner-token-for-tests' })
  runner.send({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] })
  await runner.next(isFrame('welcome'))
  const status = await runInDurableObject(mainloop(), async (object, ctx) => {
    const ws = must(ctx.getWebSockets()[0], 'the socket of the runner')
    vi.spyOn(ws, 'close').mockImplementation(() => {
      throw new Error('No.')
    })
    await expect(object.webSocketClose(ws, 1000, '')).rejects.toThrow('No.')
    return createStore({ storage: ctx.storage, now: Date.now }).rows.get(RUNNER_STATUS_KEY)
  })
  expect(status).toMatchObject({ online: false })
})

test('a device that never pings is closed, although the object slept since its accept', async () => {
  const socket = await openLive(await pairDevice())
  await runInDurableObject(mainloop(), (_, ctx) => ctx.getWebSockets().forEach(ws => attachDevice(ws, 1)))
  await evictDurableObject(mainloop(), { webSockets: 'hibernate' })
  await runDurableObjectAlarm(mainloop())
  expect(await socket.closed).toMatchObject({ code: CLOSE.idle })
})

function openSockets(): Promise<number> {
  return runInDurableObject(mainloop(), (_, ctx) => ctx.getWebSockets().filter(ws => ws.readyState === WebSocket.OPEN).length)
}
