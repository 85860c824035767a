import { open, seal } from './sealed.ts'

/** Whatever fetches from a writable `disk` service of workerd. */
export type Disk = Pick<Fetcher, 'fetch'>

/** The part of R2 that the edge uses. */
export interface Bucket {
  get: (key: string) => Promise<{ arrayBuffer: () => Promise<ArrayBuffer> } | null>
  put: (key: string, value: Uint8Array) => Promise<void>
  delete: (keys: string | string[]) => Promise<void>
  list: (options?: { prefix?: string }) => Promise<{ objects: { key: string }[], truncated: false }>
}

/**
 * Stands in for R2, over files on a disk. workerd writes a file under another name and renames it, but does not sync
 * it: after a power cut it can be there with wrong bytes. So each file carries its hash, and one that does not match
 * is absent.
 */
export default function createBucket({ disk }: { disk: Disk }): Bucket {
  async function* walk(folder: string): AsyncGenerator<string> {
    const response = await disk.fetch(addressOf(folder))
    if (!await isFound(response))
      return
    for (const { name, type } of await response.json<{ name: string, type: string }[]>()) {
      if (type === 'directory')
        yield* walk(`${folder}${name}/`)
      else
        yield folder + name
    }
  }

  return {
    async get(key) {
      const response = await disk.fetch(addressOf(key))
      const bytes = await isFound(response) ? await open(new Uint8Array(await response.arrayBuffer())) : null
      return bytes && { arrayBuffer: async () => bytes }
    },
    async put(key, value) {
      if (!await isFound(await disk.fetch(addressOf(key), { method: 'PUT', body: await seal(value) })))
        throw new Error(`The disk has no place for ${key}.`)
    },
    async delete(keys) {
      for (const key of [keys].flat())
        await isFound(await disk.fetch(addressOf(key), { method: 'DELETE' }))
    },
    async list({ prefix = '' } = {}) {
      const keys = await Array.fromAsync(walk(prefix.slice(0, prefix.lastIndexOf('/') + 1)))
      return { objects: keys.filter(key => key.startsWith(prefix)).map(key => ({ key })), truncated: false }
    },
  }
}

/** Names that begin with a dot are the disk service's own, so no key may have one. */
function addressOf(key: string): string {
  const parts = key.split('/')
  if (parts.some((part, at) => part.startsWith('.') || (part === '' && at < parts.length - 1)))
    throw new Error(`A file cannot have this key: ${key}`)
  return `http://disk/${parts.map(encodeURIComponent).join('/')}`
}

async function isFound(response: Response): Promise<boolean> {
  if (response.ok)
    return true
  await response.body?.cancel()
  if (response.status === 404)
    return false
  throw new Error(`The disk answered with ${response.status}.`)
}
