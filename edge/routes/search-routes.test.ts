import { reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { aroundAnswer, searchAnswer } from '#shared/protocol/search.ts'
import { mutation, pairDevice, post, pushBody, request } from '../testing/harness.ts'

afterEach(() => reset())

function get(path: string, cookie: string): Promise<Response> {
  return request(path, { headers: { Cookie: cookie } })
}

test('a device finds a message and reads those around it', async () => {
  const cookie = await pairDevice()
  const texts = ['nothing', 'a heron', 'nothing']
  const mutations = texts.map((text, n) => mutation({ id: n + 1, args: { id: `m${n + 1}`, text } }))
  await post('/api/push', pushBody({ mutations }), cookie)
  const { hits } = searchAnswer.parse(await (await get('/api/search?q=hero', cookie)).json())
  expect(hits).toMatchObject([{ kind: 'message', sequence: 2, who: 'person' }])

  const { rows } = aroundAnswer.parse(await (await get('/api/messages?around=2', cookie)).json())
  expect(rows.slice(0, 3)).toMatchObject(texts.map(text => ({ value: { text } })))
})

test.each([
  ['/api/search', 200],
  [`/api/search?q=${encodeURIComponent('"\0* AND (')}`, 200],
  [`/api/search?q=${'a'.repeat(10_001)}`, 400],
  ['/api/messages?around=5', 200],
  ['/api/messages?around=-1', 400],
  ['/api/messages', 400],
])('calling %s is answered with %i', async (path, status) => {
  expect((await get(path, await pairDevice())).status).toBe(status)
})
