import type { Bindings } from '../bindings.ts'
import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, test } from 'vitest'
import { app } from '../app.ts'
import { ORIGIN, pairDevice, pullBody } from '../testing/harness.ts'

afterEach(() => reset())

/** The same environment, which records the calls to a person's object. */
function recordCalls(): { env: Bindings, calls: string[] } {
  const calls: string[] = []
  const MAINLOOP = new Proxy(env.MAINLOOP, {
    get: (namespace, name) => name !== 'getByName'
      ? Reflect.get(namespace, name)
      : (person: string) => {
          const stub = env.MAINLOOP.getByName(person)
          return new Proxy(stub, {
            get(_, method) {
              calls.push(String(method))
              const value: unknown = Reflect.get(stub, method)
              // Applied by hand, because a stub takes `bind` for an RPC method.
              return typeof value === 'function' ? (...args: unknown[]) => Reflect.apply(value, stub, args) : value
            },
          })
        },
  })
  return { env: { ...env, MAINLOOP }, calls }
}

test.each([
  ['a request costs one lookup of its token', '/api/pull', 'POST', {}, ['findDevice', 'pull']],
  ['a socket costs none, as the object looks the token up when it accepts', '/api/live?protocol=1', 'GET', { Upgrade: 'websocket' }, ['fetch']],
])('%s', async (_, path, method, headers: Record<string, string>, expected) => {
  const Cookie = await pairDevice()
  const { env, calls } = recordCalls()
  const body = method === 'POST' ? { body: JSON.stringify(pullBody()) } : {}
  const response = await app.fetch(new Request(ORIGIN + path, { method, headers: { Cookie, Origin: ORIGIN, ...headers }, ...body }), env)
  expect(response.status).toBeLessThan(300)
  response.webSocket?.accept()
  response.webSocket?.close()
  expect(calls).toEqual(expected)
})

test('a forged token reaches no object', async () => {
  const { env, calls } = recordCalls()
  for (const token of ['x', `mld.owner.${'A'.repeat(43)}.${'A'.repeat(43)}`])
    expect((await app.fetch(new Request(`${ORIGIN}/api/session`, { headers: { Cookie: `__Host-mainloop=${token}` } }), env)).status).toBe(401)
  expect(calls).toEqual([])
})
