import type { Attachment, AttachmentId, MessageFile } from '#shared/model/attachment.ts'
import type { PreparedFile } from '../lib/prepare-file.ts'
import type { FileStore } from './file-store.ts'
import type { DueFile } from './uploads.ts'

/** A file's bytes, if they can be had now. `absent`: only the edge or another device has them. */
export type FileBytes = { state: 'there', bytes: ArrayBuffer } | { state: 'absent' | 'gone' }

export interface Attachments {
  /** Prepares a file for sending and keeps it on this device until it is sent. */
  add: (file: File) => Promise<PreparedFile>
  /** Releases a file that was removed from the draft. */
  drop: (id: AttachmentId) => Promise<void>
  /** Whether the file's bytes are on this device. */
  has: (id: AttachmentId) => Promise<boolean>
  /** Reads a file from this device, else from the edge; a fetched file is kept. */
  read: (file: MessageFile) => Promise<FileBytes>
}

export interface AttachmentDeps {
  store: FileStore
  prepare: (file: File) => Promise<PreparedFile>
  fetchFn: typeof fetch
}

export function createAttachments({ store, prepare, fetchFn }: AttachmentDeps): Attachments {
  return {
    async add(original) {
      const prepared = await prepare(original)
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
    // A copy that does not fit on the device is fetched again later.
    await store.put(id, bytes, { name, needed: false }).catch(() => {})
    return { state: 'there', bytes }
  }
}

/**
 * Uploads a file's bytes. A refused file is done as well: the edge
 * has marked it in the message, and another try would change nothing.
 */
export async function sendFile(fetchFn: typeof fetch, file: DueFile, bytes: ArrayBuffer): Promise<'done' | 'later'> {
  const address = `${addressOf(file.id)}?message=${file.message}`
  const response = await fetchFn(address, { method: 'PUT', body: bytes }).catch(() => null)
  return response && (response.ok || REFUSED.has(response.status)) ? 'done' : 'later'
}

/** The edge's statuses for bytes of another hash or type than announced (400, 415) and too many bytes (413). */
const REFUSED = new Set([400, 413, 415])

function addressOf(id: AttachmentId): string {
  return `/api/attachments/${id}`
}
