import type { Attachment } from '#shared/model/attachment.ts'
import type { Json } from '#shared/model/json.ts'
import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_IMAGE_BYTES } from '#shared/model/limits.ts'
import { messageKey } from '#shared/model/message.ts'
import { pullPatch } from '#shared/protocol/replicache.ts'
import { OWNER } from '../auth/person-id.ts'
import { setupToken } from '../auth/signed-token.ts'
import { filesOf } from '../bindings.ts'
import { mutation, ORIGIN, pairDevice, post, pullBody, pushBody, request } from '../testing/harness.ts'
import { announce, JPEG, PNG, utf8 } from './testing/files.ts'

afterEach(() => reset())

describe('a file', () => {
  test('that a message announced is stored, and the person\'s other devices get the same bytes', async () => {
    const { cookie, file } = await announced(PNG)
    expect((await put(file, PNG, cookie)).status).toBe(200)
    const got = await get(file, await pairDevice('Phone'))
    expect([got.status, await bytesOf(got)]).toEqual([200, PNG])
    expect(await states(cookie)).toEqual(['here'])
  })

  test('is served as a download without a type', async () => {
    const { cookie, file } = await announced(utf8('<script>alert(1)</script>'), { kind: 'text', name: 'page.html' })
    await put(file, utf8('<script>alert(1)</script>'), cookie)
    const { headers } = await get(file, cookie)
    expect(
      Object.fromEntries(
        ['Content-Type', 'Content-Disposition', 'X-Content-Type-Options', 'Content-Security-Policy', 'Cache-Control'].map(name => [name, headers.get(name)]),
      ),
    ).toEqual({
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': 'attachment',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': 'default-src \'none\'; frame-ancestors \'none\'; sandbox',
      'Cache-Control': 'no-store',
    })
  })

  test('can be sent again, also concurrently', async () => {
    const { cookie, file } = await announced(PNG)
    expect((await Promise.all([1, 2, 3].map(() => put(file, PNG, cookie)))).map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await put(file, PNG, cookie)).status).toBe(200)
    expect(await states(cookie)).toEqual(['here'])
  })

  test('whose bytes were stored before a crash is marked by the next upload', async () => {
    const { cookie, file } = await announced(PNG)
    await filesOf(env, OWNER).write(file.id, PNG)
    expect(await states(cookie)).toEqual(['coming'])
    await put(file, PNG, cookie)
    expect(await states(cookie)).toEqual(['here'])
  })

  test('of another type than announced is refused for good, and its message is marked', async () => {
    const { cookie, file } = await announced(utf8('<svg/>'), { name: 'drawing.png' })
    const response = await put(file, utf8('<svg/>'), cookie)
    expect([response.status, await response.json()]).toEqual([415, { error: { kind: 'unfit-file', message: expect.any(String) } }])
    expect([await states(cookie), (await get(file, cookie)).status]).toEqual([['refused'], 404])
  })

  test('cannot be replaced by other bytes, before or after its upload', async () => {
    const { cookie, file } = await announced(PNG)
    for (const bytes of [JPEG, new Uint8Array(), PNG.slice(0, 20)])
      expect((await put(file, bytes, cookie)).status).toBe(400)
    expect(await states(cookie)).toEqual(['coming'])
    await put(file, PNG, cookie)
    expect((await put(file, JPEG, cookie)).status).toBe(400)
    expect([await states(cookie), await bytesOf(await get(file, cookie))]).toEqual([['here'], PNG])
  })

  test('that was not announced is refused', async () => {
    const { cookie } = await announced(PNG)
    const stray = await announce(JPEG)
    expect((await put(stray, JPEG, cookie)).status).toBe(404)
    expect((await put(await announce(PNG), PNG, cookie, 2)).status).toBe(404)
    expect((await env.ATTACHMENTS.list()).objects).toEqual([])
  })

  test.each([
    ['by another name than a hash', `/api/attachments/photo.png?message=1`],
    ['of no message', `/api/attachments/${'0'.repeat(64)}`],
    ['of an invalid message', `/api/attachments/${'0'.repeat(64)}?message=-1`],
    ['outside of its folder', `/api/attachments/..%2f..%2f${'0'.repeat(58)}?message=1`],
  ])('%s is a bad request', async (_, path) => {
    const { cookie } = await announced(PNG)
    expect((await request(path, { method: 'PUT', headers: { Origin: ORIGIN, Cookie: cookie }, body: PNG })).status).toBe(400)
  })

  test('that is too large is refused during the upload, also without a declared length', async () => {
    const { cookie, file } = await announced(PNG)
    const pieces = Array.from({ length: 40 }, () => new Uint8Array(MAX_IMAGE_BYTES / 35))
    const stream = new ReadableStream({ pull: controller => pieces.length > 0 ? controller.enqueue(pieces.pop()) : controller.close() })
    expect((await put(file, stream, cookie)).status).toBe(413)
    expect((await put(file, new Uint8Array(MAX_IMAGE_BYTES + 1), cookie)).status).toBe(413)
  })

  test.each([
    ['larger than the limit', { size: MAX_IMAGE_BYTES + 1 }],
    ['of no bytes', { size: 0 }],
    ['of a type that a browser runs', { mime: 'image/svg+xml' }],
    ['with a name that breaks a line', { name: 'a\nb.png' }],
    ['wider than is shown', { width: 100_000 }],
  ])('%s cannot even be announced', async (_, about) => {
    const cookie = await pairDevice()
    await say(cookie, [{ ...await announce(PNG), ...about }])
    expect(await rows(cookie)).not.toHaveProperty([messageKey(1)])
  })
})

describe('another person', () => {
  test('cannot read or write files of the first', async () => {
    const { cookie: ada, file } = await announced(PNG, {}, await pairAs('ada'))
    await put(file, PNG, ada)
    const bob = await pairAs('bob')
    expect([(await get(file, bob)).status, (await put(file, PNG, bob)).status]).toEqual([404, 404])
    // The same file of their own changes nothing.
    await announced(PNG, {}, bob)
    expect((await get(file, bob)).status).toBe(404)
  })

  test('keeps theirs when the first erases everything', async () => {
    const [ada, bob] = [await announced(PNG, {}, await pairAs('ada')), await announced(PNG, {}, await pairAs('bob'))]
    await Promise.all([put(ada.file, PNG, ada.cookie), put(bob.file, PNG, bob.cookie)])
    expect((await post('/api/erase', { everything: true }, ada.cookie)).status).toBe(200)
    expect((await env.ATTACHMENTS.list()).objects).toHaveLength(1)
    expect((await get(bob.file, bob.cookie)).status).toBe(200)
  })
})

test('a device that was unpaired gets no file and sends none', async () => {
  const { cookie, file } = await announced(PNG)
  await put(file, PNG, cookie)
  await post('/api/unpair', {}, cookie)
  expect([(await get(file, cookie)).status, (await put(file, PNG, cookie)).status]).toEqual([401, 401])
})

test('the export has the bytes of every file', async () => {
  const { cookie, file } = await announced(PNG)
  await put(file, PNG, cookie)
  const everything = await (await request('/api/export', { headers: { Cookie: cookie } })).json<{ files: Record<string, string> }>()
  expect(everything.files).toEqual({ [file.id]: PNG.toBase64() })
  expect(await (await request('/api/export?format=markdown', { headers: { Cookie: cookie } })).text()).toContain('Attached: photo.png')
})

/** Pairs a device and sends a message that announces these bytes. */
async function announced(bytes: Uint8Array, about: Partial<Attachment> = {}, paired?: string): Promise<{ cookie: string, file: Attachment }> {
  const cookie = paired ?? await pairDevice()
  const file = await announce(bytes, about)
  await say(cookie, [file])
  return { cookie, file }
}

async function say(cookie: string, files: readonly Json[]): Promise<void> {
  expect((await post('/api/push', pushBody({ mutations: [mutation({ args: { id: 'm1', text: 'Look.', files } })] }), cookie)).status).toBe(200)
}

function put({ id }: Attachment, body: Uint8Array | ReadableStream, cookie: string, message = 1): Promise<Response> {
  return request(`/api/attachments/${id}?message=${message}`, { method: 'PUT', headers: { Origin: ORIGIN, Cookie: cookie }, body })
}

function get({ id }: Attachment, cookie: string): Promise<Response> {
  return request(`/api/attachments/${id}`, { headers: { Cookie: cookie } })
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer())
}

async function rows(cookie: string): Promise<Record<string, unknown>> {
  const { patch } = pullPatch.parse(await (await post('/api/pull', pullBody(), cookie)).json())
  return Object.fromEntries(patch.flatMap(operation => operation.op === 'put' ? [[operation.key, operation.value]] : []))
}

async function states(cookie: string): Promise<string[]> {
  const message = (await rows(cookie))[messageKey(1)] as { files: { state: string }[] }
  return message.files.map(({ state }) => state)
}

async function pairAs(person: string): Promise<string> {
  const response = await post('/api/pair', { secret: await setupToken(env.SETUP_SECRET, person), name: 'Phone' }, '')
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
}
