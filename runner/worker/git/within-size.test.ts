import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TooLargeError, withinSize } from './within-size.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainloop-size-'))
  mkdirSync(join(folder, 'below'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const limit = (everyMs: number) => ({ folder, maxBytes: 1000, signal: new AbortController().signal, everyMs })
const write = (bytes: number) => writeFileSync(join(folder, 'below', 'file'), Buffer.alloc(bytes))

test('endless work stops when the folder is too large', async () => {
  const working = withinSize(limit(1), async (signal) => {
    write(2000)
    await once(signal, 'abort')
    throw signal.reason
  })
  await expect(working).rejects.toThrow(TooLargeError)
})

test('work that ends between two checks is rejected too', async () => {
  await expect(withinSize(limit(3_600_000), async () => write(2000))).rejects.toThrow(TooLargeError)
})

test('work within the limit returns its result', async () => {
  expect(await withinSize(limit(1), async () => {
    write(900)
    return 'done'
  })).toBe('done')
})
