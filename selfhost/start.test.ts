import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'

let root: string
let data: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mainloop-start-'))
  data = join(root, 'data')
  await mkdir(data)
  await copyFile(join(import.meta.dirname, 'start'), join(root, 'start'))
  await writeFile(join(root, 'variables'), 'EPOCH=1\nSETUP_SECRET=\nRUNNER_TOKEN=\nTRUSTED_PROXIES=\n')
  await writeFile(join(root, 'workerd'), '#!/bin/sh\necho "workerd with epoch $EPOCH"\n', { mode: 0o755 })
})
afterEach(() => rm(root, { recursive: true }))

/** What the start command says. In place of workerd something is started that ends at once. */
function start(variables: Record<string, string> = {}): Promise<{ code: number | string, said: string }> {
  const env = {
    PATH: process.env.PATH,
    SETUP_SECRET: 'a-secret',
    RUNNER_TOKEN: 'a-token',
    MAINLOOP_DATA: data,
    WORKERD: join(root, 'workerd'),
    ...variables,
  }
  return new Promise((resolve) => {
    execFile(join(root, 'start'), { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, said: stdout + stderr }))
  })
}

test('the higher epoch counts, and without a restore that of the variable', async () => {
  expect((await start({ EPOCH: '3' })).said).toContain('workerd with epoch 3')
  await writeFile(join(data, 'epoch'), '4\n')
  expect((await start({ EPOCH: '3' })).said).toContain('workerd with epoch 4')
  expect((await start({ EPOCH: '5' })).said).toContain('workerd with epoch 5')
})

test('an epoch above the highest is refused, from the variable and from a restore', async () => {
  expect((await start({ EPOCH: String(MAX_EPOCH) })).said).toContain(`workerd with epoch ${MAX_EPOCH}`)
  for (const epoch of [String(MAX_EPOCH + 1), '9'.repeat(30)])
    expect(await start({ EPOCH: epoch })).toEqual({ code: 1, said: `The epoch is higher than ${MAX_EPOCH}: ${epoch}\n` })
  await writeFile(join(data, 'epoch'), `${MAX_EPOCH + 1}\n`)
  expect((await start()).said).toContain(`The epoch is higher than ${MAX_EPOCH}`)
})

test.each(['epoch', 'lock'])('a file %s that cannot be read or written is refused with a sentence', async (name) => {
  await mkdir(join(data, name))
  const { code, said } = await start()
  expect(code).toBe(1)
  expect(said).toMatch(new RegExp(`^User \\d+ may not (?:read|write) ${join(data, name)}`))
})
