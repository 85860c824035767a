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

const bound = (everyMs: number) => ({ folder, maxBytes: 1000, signal: new AbortController().signal, everyMs })
const write = (bytes: number) => writeFileSync(join(folder, 'below', 'file'), Buffer.alloc(bytes))

test('work that would go on for ever is stopped when the folder is too large', async () => {
  const working = withinSize(bound(1), async (signal) => {
    write(2000)
    await once(signal, 'abort')
    throw signal.reason
  })
  await expect(working).rejects.toThrow(TooLargeError)
})

test('work that was quicker than the look at the folder is refused all the same', async () => {
  await expect(withinSize(bound(3_600_000), async () => write(2000))).rejects.toThrow(TooLargeError)
})

test('what fits is done', async () => {
  expect(await withinSize(bound(1), async () => {
    write(900)
    return 'done'
  })).toBe('done')
})
