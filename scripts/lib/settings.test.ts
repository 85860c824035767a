import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { environment, localSettings } from './settings.ts'

let folder: string
const file = () => join(folder, '.dev.vars')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

test('the first start creates secrets, and the second keeps them', async () => {
  const first = await localSettings(file(), {})
  expect(first.SETUP_SECRET).not.toBe(first.RUNNER_TOKEN)
  expect(first.SETUP_SECRET.length).toBeGreaterThanOrEqual(32)
  expect(await localSettings(file(), {})).toEqual(first)
})

test('variables of the Worker are written when they are set, changed or removed', async () => {
  const { SETUP_SECRET, RUNNER_TOKEN } = await localSettings(file(), { PATH: '/bin', GITHUB_TOKEN: 'not-the-worker-s' })
  for (const env of [
    { ANTHROPIC_API_KEY: 'key', MODEL: 'one' },
    { ANTHROPIC_API_KEY: 'other "key"', HOSTS: 'a,b', PUSH_HOSTS: 'push.example' },
    { ANTHROPIC_API_KEY: '' },
  ]) {
    const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
    expect(await localSettings(file(), env)).toEqual({ SETUP_SECRET, RUNNER_TOKEN, ...set })
  }
  await localSettings(file(), { MODEL: 'one' })
  expect(parseEnv(await readFile(file(), 'utf8'))).toEqual({ SETUP_SECRET, RUNNER_TOKEN, MODEL: 'one' })
})

test('only its owner can read the file, even if it was readable before', async () => {
  await writeFile(file(), 'SETUP_SECRET=mine\nRUNNER_TOKEN=also-mine\n', { mode: 0o644 })
  expect(await localSettings(file(), {})).toEqual({ SETUP_SECRET: 'mine', RUNNER_TOKEN: 'also-mine' })
  expect((await stat(file())).mode & 0o777).toBe(0o600)
})

test('a file with an empty secret is refused with a remedy', async () => {
  await writeFile(file(), 'SETUP_SECRET=\nRUNNER_TOKEN=x\n')
  await expect(localSettings(file(), {})).rejects.toThrow('Delete the file')
})

test('the environment takes precedence over .env', async () => {
  await writeFile(join(folder, '.env'), 'ANTHROPIC_API_KEY=from-file\nANTHROPIC_BASE_URL="http://localhost:1"\n')
  vi.stubEnv('ANTHROPIC_API_KEY', 'from-environment')
  vi.stubEnv('ANTHROPIC_BASE_URL', undefined)
  expect(await environment(join(folder, '.env'))).toMatchObject({ ANTHROPIC_API_KEY: 'from-environment', ANTHROPIC_BASE_URL: 'http://localhost:1' })
})
