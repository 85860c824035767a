import type { AttachmentId } from '#shared/model/attachment.ts'

/** The bytes of one person's files. */
export interface Files {
  /** Null for a missing file. */
  read: (id: AttachmentId) => Promise<Uint8Array | null>
  /** Idempotent, because a file's id is the hash of its bytes. */
  write: (id: AttachmentId, bytes: Uint8Array) => Promise<void>
  remove: (id: AttachmentId) => Promise<void>
  ids: () => AsyncIterable<AttachmentId>
  removeAll: () => Promise<void>
}

/** Files in R2 under the id of the person's own object, which is derived only from their identity. */
export function createFiles(bucket: R2Bucket, object: DurableObjectId): Files {
  const prefix = `${object.toString()}/`

  async function* pages(): AsyncGenerator<string[]> {
    let cursor: string | undefined
    do {
      const page = await bucket.list({ prefix, ...(cursor !== undefined && { cursor }) })
      yield page.objects.map(({ key }) => key)
      cursor = page.truncated ? page.cursor : undefined
    } while (cursor !== undefined)
  }

  return {
    async read(id) {
      const object = await bucket.get(prefix + id)
      return object && new Uint8Array(await object.arrayBuffer())
    },
    async write(id, bytes) {
      await bucket.put(prefix + id, bytes)
    },
    remove: id => bucket.delete(prefix + id),
    async* ids() {
      for await (const keys of pages())
        yield* keys.map(key => key.slice(prefix.length))
    },
    async removeAll() {
      for await (const keys of pages())
        await bucket.delete(keys)
    },
  }
}
