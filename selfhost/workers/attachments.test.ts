import type { Disk } from './attachments.ts'
import { expect, test } from 'vitest'
import createBucket from './attachments.ts'

/** A disk service over a map, as workerd's answers. */
function createDisk() {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const disk = {
    async fetch(address: string, { method = 'GET', body }: { method?: string, body?: Uint8Array<ArrayBuffer> } = {}) {
      const path = decodeURIComponent(new URL(address).pathname.slice(1))
      const found = files.get(path)
      switch (method) {
        case 'PUT':
          files.set(path, body ?? new Uint8Array())
          return new Response(null, { status: 204 })
        case 'DELETE':
          return new Response(null, { status: files.delete(path) ? 204 : 404 })
        default:
          return found === undefined ? listing(path) : new Response(found)
      }
    },
  }
  function listing(folder: string): Response {
    const inside = [...files.keys()].filter(file => file.startsWith(folder)).map(file => file.slice(folder.length).split('/'))
    const names = new Map(inside.map(([name = '', ...more]) => [name, more.length > 0 ? 'directory' : 'file']))
    return names.size === 0 ? new Response('Not Found', { status: 404 }) : Response.json([...names].map(([name, type]) => ({ name, type })))
  }
  return { files, bucket: createBucket({ disk: disk as unknown as Disk }) }
}

const bytes = (text: string) => new TextEncoder().encode(text)
async function read(bucket: ReturnType<typeof createBucket>, key: string) {
  const object = await bucket.get(key)
  return object && new TextDecoder().decode(await object.arrayBuffer())
}

test('what was put is got, listed by prefix and deleted', async () => {
  const { bucket } = createDisk()
  expect(await bucket.list({ prefix: 'ada/' })).toEqual({ objects: [], truncated: false })
  for (const key of ['ada/one', 'ada/two', 'bob/one'])
    await bucket.put(key, bytes(`the file ${key}`))
  await bucket.put('ada/two', bytes('again'))
  expect([await read(bucket, 'ada/one'), await read(bucket, 'ada/two'), await read(bucket, 'ada/three')]).toEqual(['the file ada/one', 'again', null])
  const keys = async (prefix?: string) => (await bucket.list(prefix === undefined ? {} : { prefix })).objects.map(({ key }) => key)
  expect([await keys('ada/'), await keys('ada/t'), await keys()]).toEqual([['ada/one', 'ada/two'], ['ada/two'], ['ada/one', 'ada/two', 'bob/one']])
  await bucket.delete(['ada/one', 'ada/one', 'bob/one'])
  await bucket.delete('ada/two')
  expect(await keys()).toEqual([])
})

test('an empty file is a file', async () => {
  const { bucket } = createDisk()
  await bucket.put('ada/empty', bytes(''))
  expect(await read(bucket, 'ada/empty')).toBe('')
})

test('a file that a power cut left cut short, empty, zeroed or changed is absent, and can be written again', async () => {
  const { bucket, files } = createDisk()
  await bucket.put('ada/file', bytes('a whole file'))
  const whole = files.get('ada/file') ?? new Uint8Array()
  const damaged = [
    ...Array.from({ length: whole.length }, (_, length) => whole.slice(0, length)),
    new Uint8Array(whole.length),
    whole.map((byte, at) => at === whole.length - 1 ? byte ^ 1 : byte),
    Uint8Array.of(...whole, 0),
  ]
  for (const left of damaged) {
    files.set('ada/file', left)
    expect(await read(bucket, 'ada/file')).toBeNull()
  }
  await bucket.put('ada/file', bytes('a whole file'))
  expect(await read(bucket, 'ada/file')).toBe('a whole file')
})

test.each(['.hidden', 'ada/../bob', 'ada//file', '/file', 'ada/.tmp'])('the key %s is refused', async (key) => {
  const { bucket } = createDisk()
  await expect(bucket.put(key, bytes('x'))).rejects.toThrow('A file cannot have this key')
})

test('a disk that fails is an error, and no missing file', async () => {
  const bucket = createBucket({ disk: { fetch: async () => new Response(null, { status: 507 }) } as unknown as Disk })
  await expect(bucket.get('ada/file')).rejects.toThrow('The disk answered with 507.')
  await expect(bucket.put('ada/file', bytes('x'))).rejects.toThrow('The disk answered with 507.')
})
