import type { AttachmentId } from '#shared/model/attachment.ts'
import { createStore, delMany, get, getMany, keys, setMany } from 'idb-keyval'
import * as z from 'zod'

/** The bytes of files on this device: unsent files, and copies of files that were shown. */
export interface FileStore {
  get: (id: AttachmentId) => Promise<ArrayBuffer | null>
  /** `needed`: the file is unsent, so it stays. Others may be removed when there are many. */
  put: (id: AttachmentId, bytes: ArrayBuffer, about: { name: string, needed: boolean }) => Promise<void>
  /** Marks a sent file as a copy. */
  release: (id: AttachmentId) => Promise<void>
  /** The files that are still needed, oldest first. */
  unsent: () => Promise<{ id: AttachmentId, name: string }[]>
}

/** Budget in bytes for copies, which are kept for offline use; the newest stay. */
const MAX_COPIES_BYTES = 100_000_000

const fileRecord = z.object({ name: z.string(), needed: z.boolean(), size: z.number(), at: z.number() })
type FileRecord = z.infer<typeof fileRecord> & { id: AttachmentId }

/** Records are stored beside the bytes, so that listing and tidying need not read the bytes. */
const RECORD_PREFIX = 'note/'

export function openFileStore(name: string, kind: 'idb' | 'mem', now: () => number = Date.now): FileStore {
  const { read, write, records, remove } = kind === 'idb' ? inDatabase(`${name}/files`) : inMemory()
  void records().then(all => remove(surplus(all)))
  return {
    async get(id) {
      const bytes = await read(id)
      return bytes instanceof ArrayBuffer ? bytes : null
    },
    put(id, bytes, about) {
      const record = { ...about, size: bytes.byteLength, at: now() }
      return write([[id, bytes], [RECORD_PREFIX + id, record]])
    },
    async release(id) {
      const known = fileRecord.safeParse(await read(RECORD_PREFIX + id))
      if (known.success)
        await write([[RECORD_PREFIX + id, { ...known.data, needed: false }]])
    },
    unsent: async () => (await records()).filter(({ needed }) => needed).sort((a, b) => a.at - b.at),
  }
}

/** The oldest copies beyond the budget in bytes. */
export function surplus(records: readonly FileRecord[], budget = MAX_COPIES_BYTES): AttachmentId[] {
  let left = budget
  return records
    .filter(({ needed }) => !needed)
    .sort((a, b) => b.at - a.at)
    .filter(({ size }) => (left -= size) < 0)
    .map(({ id }) => id)
}

interface FileBackend {
  read: (key: string) => Promise<unknown>
  /** Writes all entries in one transaction. */
  write: (entries: [string, unknown][]) => Promise<void>
  records: () => Promise<FileRecord[]>
  remove: (ids: readonly AttachmentId[]) => Promise<void>
}

function inDatabase(name: string): FileBackend {
  const files = createStore(name, 'files')
  return {
    read: key => get(key, files),
    write: entries => setMany(entries, files),
    async records() {
      const known = (await keys<string>(files)).filter(key => key.startsWith(RECORD_PREFIX))
      return readRecords(known, await getMany(known, files))
    },
    remove: ids => delMany(ids.flatMap(id => [id, RECORD_PREFIX + id]), files),
  }
}

function inMemory(): FileBackend {
  const files = new Map<string, unknown>()
  return {
    read: async key => files.get(key),
    write: async entries => entries.forEach(([key, value]) => files.set(key, value)),
    async records() {
      const known = [...files.keys()].filter(key => key.startsWith(RECORD_PREFIX))
      return readRecords(known, known.map(key => files.get(key)))
    },
    remove: async ids => ids.flatMap(id => [id, RECORD_PREFIX + id]).forEach(key => files.delete(key)),
  }
}

function readRecords(known: readonly string[], values: readonly unknown[]): FileRecord[] {
  return known.flatMap((key, index) => {
    const read = fileRecord.safeParse(values[index])
    return read.success ? [{ ...read.data, id: key.slice(RECORD_PREFIX.length) }] : []
  })
}
