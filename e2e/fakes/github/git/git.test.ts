import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakeGitHub } from '../fake-github.ts'
import { git } from './git.ts'

const github = await startFakeGitHub()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainloop-git-test-'))
  await github.seed('octo/plain', { 'README.md': '# Plain\n', 'src/näme.txt': 'Grüße\n\n' })
  await github.seed('octo/empty')
  await github.seed('octo/archived', { a: '' }, { archived: true })
})

afterAll(async () => {
  await github.close()
  await rm(folder, { recursive: true, force: true })
})

function url(name: string): string {
  return `${github.serverUrl}/${name}.git`
}

function authorizeAs(token: string): Record<string, string> {
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64')
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}` }
}

async function clone(name: string, into: string) {
  const cwd = join(folder, into)
  await git(['clone', '--quiet', url(name), cwd], { cwd: folder, env: authorizeAs(github.token) })
  await git(['config', 'user.name', 'Test'], { cwd })
  await git(['config', 'user.email', 'test@example.com'], { cwd })
  return cwd
}

test('a clone has the seeded files, and a push emits its event before it ends', async () => {
  const events: string[] = []
  const off = github.on((event) => {
    if (event.type === 'push')
      events.push(`${event.branch} by ${event.by.login}`)
  })
  const cwd = await clone('octo/plain', 'round-trip')
  expect(await git(['show', 'HEAD:src/näme.txt'], { cwd })).toBe('Grüße\n\n')
  await writeFile(join(cwd, 'new.txt'), 'new\n')
  await git(['add', '.'], { cwd })
  await git(['commit', '--quiet', '-m', 'Add a file'], { cwd })
  await git(['push', '--quiet', 'origin', 'HEAD:refs/heads/mainloop/new'], { cwd, env: authorizeAs(github.token) })
  off()
  expect(events).toEqual(['mainloop/new by mainloop-fake'])
  expect(await github.read('octo/plain', 'mainloop/new', 'new.txt')).toBe('new\n')
  expect((await github.commits('octo/plain', 'mainloop/new')).map(({ message }) => message)).toEqual(['Add a file'])
  expect(await github.read('octo/plain', 'main', 'new.txt')).toBeNull()
})

test('a push larger than git\'s buffer, which it sends in chunks, arrives whole', async () => {
  const cwd = await clone('octo/plain', 'large')
  const noise = Array.from({ length: 60_000 }, (_, index) => (index * 2_654_435_761 % 2 ** 32).toString(36)).join('\n')
  await writeFile(join(cwd, 'noise.txt'), noise)
  await git(['add', '.'], { cwd })
  await git(['commit', '--quiet', '-m', 'Add noise'], { cwd })
  await git(['-c', 'http.postBuffer=65536', 'push', '--quiet', 'origin', 'HEAD:refs/heads/noise'], { cwd, env: authorizeAs(github.token) })
  expect(await github.read('octo/plain', 'noise', 'noise.txt')).toBe(noise)
})

test('an empty repository takes its first commit', async () => {
  const cwd = await clone('octo/empty', 'first')
  await git(['commit', '--quiet', '--allow-empty', '-m', 'Begin'], { cwd })
  await git(['push', '--quiet', 'origin', 'HEAD:refs/heads/main'], { cwd, env: authorizeAs(github.token) })
  expect([...(await github.branches('octo/empty')).keys()]).toEqual(['main'])
})

type Tokens = Record<'reader' | 'stranger', string>

const accesses: [title: string, name: string, token: (tokens: Tokens) => string, service: 'git-upload-pack' | 'git-receive-pack', status: number][] = [
  ['a request without a token may not read', 'octo/plain', () => '', 'git-upload-pack', 401],
  ['a wrong token may not read', 'octo/plain', () => 'ghp_wrong', 'git-upload-pack', 401],
  ['a token without access may not read', 'octo/plain', tokens => tokens.stranger, 'git-upload-pack', 403],
  ['a reader may read', 'octo/plain', tokens => tokens.reader, 'git-upload-pack', 200],
  ['a reader may not push', 'octo/plain', tokens => tokens.reader, 'git-receive-pack', 403],
  ['nobody may push to an archived repository', 'octo/archived', () => github.token, 'git-receive-pack', 403],
  ['an unknown repository is not found', 'octo/unknown', () => github.token, 'git-upload-pack', 404],
]

test.each(accesses)('%s', async (_, name, token, service, status) => {
  const tokens = { reader: github.createToken('reader', { 'octo/plain': 'read' }), stranger: github.createToken('stranger', {}) }
  const credentials = Buffer.from(`x-access-token:${token(tokens)}`).toString('base64')
  const response = await fetch(`${url(name)}/info/refs?service=${service}`, { headers: { authorization: `Basic ${credentials}` } })
  await response.text()
  expect(response.status).toBe(status)
})
