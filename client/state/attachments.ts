import type { Attachment, AttachmentId, MessageFile } from '#shared/model/attachment.ts'
import type { PreparedFile } from '../lib/prepare-file.ts'
import type { FileStore } from './file-store.ts'
import type { DueFile } from './uploads.ts'

/** The bytes of a file as far as they can be had now. `absent`: only the edge or another device has them. */
export type FileBytes = { state: 'there', bytes: ArrayBuffer } | { state: 'absent' | 'gone' }

export interface Attachments {
  /** Makes a file ready to be sent and keeps it on this device until it was. */
  add: (given: File) => Promise<PreparedFile>
  /** It will not be sent after all. */
  drop: (id: AttachmentId) => Promise<void>
  /** Whether its bytes are on this device. */
  has: (id: AttachmentId) => Promise<boolean>
  /** From this device, else from the edge; and then kept. */
  read: (file: MessageFile) => Promise<FileBytes>
}

export interface AttachmentDeps {
  store: FileStore
  prepare: (given: File) => Promise<PreparedFile>
  fetchFn: typeof fetch
}

export function createAttachments({ store, prepare, fetchFn }: AttachmentDeps): Attachments {
  return {
    async add(given) {
      const prepared = await prepare(given)
      if (!prepared.ok)
        return prepared
      const { file: { id, name }, bytes } = prepared
      const kept = await store.put(id, bytes, { name, needed: true }).then(() => true, () => false)
      return kept ? prepared : { ok: false, problem: `This device has no room for ${name}. Free some and try again.` }
    },
    drop: store.release,
    has: async id => await store.get(id) !== null,
    async read({ file, state }) {
      const bytes = await store.get(file.id)
      if (bytes)
        return { state: 'there', bytes }
      return state === 'here' ? fetchFile(file) : { state: 'absent' }
    },
  }

  async function fetchFile({ id, name }: Attachment): Promise<FileBytes> {
    const response = await fetchFn(addressOf(id)).catch(() => null)
    if (response?.status === 404)
      return { state: 'gone' }
    const bytes = response?.ok ? await response.arrayBuffer().catch(() => null) : null
    if (!bytes)
      return { state: 'absent' }
    // Only a copy: without room for it, it is fetched again.
    await store.put(id, bytes, { name, needed: false }).catch(() => {})
    return { state: 'there', bytes }
  }
}

/**
 * Brings a file's bytes to the edge. What it refuses it has noted in the message; asking again would change nothing.
 */
export async function sendFile(
  fetchFn: typeof fetch,
  { message, id }: DueFile,
  bytes: ArrayBuffer,
): Promise<'done' | 'later'> {
  const response = await fetchFn(`${addressOf(id)}?message=${message}`, { method: 'PUT', body: bytes }).catch(
    () => null,
  )
  return response && (response.ok || REFUSED.has(response.status)) ? 'done' : 'later'
}

/** Too large, other bytes than were announced, or not what it was said to be. */
const REFUSED = new Set([400, 413, 415])

function addressOf(id: AttachmentId): string {
  return `/api/attachments/${id}`
}
