import { reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { aroundAnswer, searchAnswer } from '#shared/protocol/search.ts'
import { mutation, pairDevice, post, pushBody, request } from '../testing/harness.ts'

afterEach(() => reset())

async function get(path: string, cookie: string): Promise<Response> {
  return request(path, { headers: { Cookie: cookie } })
}

test('a device finds what it said, and reads around it', async () => {
  const cookie = await pairDevice()
  await post(
    '/api/push',
    pushBody({ mutations: [1, 2, 3].map(id => mutation({ id, args: { id: `m${id}`, text: id === 2 ? 'a heron' : 'nothing' } })) }),
    cookie,
  )
  const { hits } = searchAnswer.parse(await (await get('/api/search?q=hero', cookie)).json())
  expect(hits).toMatchObject([{ kind: 'message', sequence: 2, who: 'person' }])

  const { rows } = aroundAnswer.parse(await (await get('/api/messages?around=2', cookie)).json())
  expect(rows.slice(0, 3)).toMatchObject([{ value: { text: 'nothing' } }, { value: { text: 'a heron' } }, { value: { text: 'nothing' } }])
})

test.each([
  ['/api/search', 200],
  [`/api/search?q=${encodeURIComponent('"\0* AND (')}`, 200],
  [`/api/search?q=${'a'.repeat(10_001)}`, 400],
  ['/api/messages?around=5', 200],
  ['/api/messages?around=-1', 400],
  ['/api/messages', 400],
])('gET %s is %i', async (path, status) => {
  expect((await get(path, await pairDevice())).status).toBe(status)
})
