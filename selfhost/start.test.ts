import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { parseNetworks } from './workers/networks.ts'

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

/** The output of the start command, which here starts a program that ends at once instead of workerd. */
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

/** For each, the start command says the same as the Worker that reads them. */
test.each([
  ['', true],
  ['10.0.0.0/8', true],
  [' 127.0.0.0/8 , ::1,', true],
  ['192.0.2.255/32,0.0.0.0/0', true],
  ['fd7a:115c:a1e0::/48,2001:DB8:1:2:3:4:5:6/128', true],
  ['::,::ffff:192.0.2.1/32,1::8.8.8.8', true],
  ['10.0.0.0/33', false],
  ['::ffff:192.0.2.1/104', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.0/-1', false],
  ['10.0.0.256', false],
  ['10.0.0.01', false],
  ['10.0.0', false],
  ['10.0.0.0.', false],
  ['10.0.0.0.0', false],
  ['10.0.0.0 10.0.0.1', false],
  ['::1/129', false],
  ['1::2::3', false],
  ['1:::2', false],
  [':1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7::8', false],
  ['12345::', false],
  ['::1.2.3', false],
  ['*', false],
  ['proxy', false],
])('the trusted proxies %j are taken: %j', async (proxies, isTaken) => {
  const { code, said } = await start({ TRUSTED_PROXIES: proxies })
  expect(said).toContain(isTaken ? 'The edge listens' : 'TRUSTED_PROXIES holds what is neither an address nor a range such as 10.0.0.0/8')
  expect(code).toBe(isTaken ? 0 : 1)
  const parse = () => parseNetworks(proxies)
  if (isTaken)
    expect(parse).not.toThrow()
  else
    expect(parse).toThrow()
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
