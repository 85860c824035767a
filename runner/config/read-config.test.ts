import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { GRACE_PERIODS } from '../executor/kubernetes/result-finder.ts'
import { configProblems } from './config-problems.ts'
import { readConfig } from './read-config.ts'

const read = (env: NodeJS.ProcessEnv) => readConfig({ RUNNER_TOKEN: 'secret', ...env }, false)

test('the runner\'s token is the only required variable', () => {
  expect(read({})).toMatchObject({
    edge: 'http://127.0.0.1:3000',
    runnerToken: 'secret',
    github: { token: null, app: null, apiUrl: 'https://api.github.com', serverUrl: 'https://github.com' },
    claude: { apiKey: null, oauthToken: null, baseUrl: null },
    executor: { kind: 'process' },
    slots: 2,
    pollMs: 10_000,
    deadlineSeconds: 3600,
    checkoutMb: 5000,
    gateway: { listen: null, url: null },
    dayBudgetUsd: 100,
  })
})

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['a missing token is reported', { RUNNER_TOKEN: undefined }, 'RUNNER_TOKEN is not set. Expected: the token'],
  ['an empty variable is not set', { RUNNER_TOKEN: '' }, 'RUNNER_TOKEN is not set.'],
  ['a wrong secret is not repeated', { GITHUB_TOKEN: 'two words' }, 'GITHUB_TOKEN cannot be used. Expected: a GitHub token'],
  ['words are no number', { MAINLOOP_SLOTS: 'many' }, 'MAINLOOP_SLOTS is "many". Expected: how many workers'],
  ['at least one worker is needed', { MAINLOOP_SLOTS: '0' }, 'MAINLOOP_SLOTS is "0".'],
  ['an address needs a scheme', { MAINLOOP_EDGE: 'localhost:3000' }, 'MAINLOOP_EDGE is "localhost:3000". Expected: the http(s) address of the edge'],
  ['the gateway listens on a host and a port', { MAINLOOP_GATEWAY_LISTEN: '8787' }, 'MAINLOOP_GATEWAY_LISTEN is "8787". Expected: host:port'],
  ['prices are JSON', { MAINLOOP_MODEL_PRICES: 'cheap' }, 'MAINLOOP_MODEL_PRICES is "cheap". Expected: prices of further models'],
  ['an unknown executor is refused', { MAINLOOP_EXECUTOR: 'docker' }, 'MAINLOOP_EXECUTOR is "docker".'],
  ['a cluster needs an image to run', { MAINLOOP_EXECUTOR: 'kubernetes' }, 'MAINLOOP_IMAGE is not set. Expected: kubernetes: the image workers run'],
  ['a cluster needs the gateway\'s address', { MAINLOOP_EXECUTOR: 'kubernetes' }, 'MAINLOOP_GATEWAY_URL is not set.'],
  ['a pairing page needs logins', { MAINLOOP_PAIR_PORT: '8789' }, 'MAINLOOP_TAILNET_LOGINS is not set.'],
  ['a pairing page needs its address', { MAINLOOP_PAIR_PORT: '8789' }, 'MAINLOOP_PAIR_URL is not set.'],
  ['a login has a domain', { MAINLOOP_TAILNET_LOGINS: '*' }, 'MAINLOOP_TAILNET_LOGINS is "*".'],
  ['a co-author has a name and an address', { MAINLOOP_PERSON: 'Ada' }, 'MAINLOOP_PERSON is "Ada". Expected: you, as commits name'],
  ['a co-author cannot add a second trailer', { MAINLOOP_PERSON: 'Ada\nCo-authored-by: Eve <eve@example.com>' }, 'MAINLOOP_PERSON is'],
  ['memory has a unit of Kubernetes', { MAINLOOP_WORKER_MEMORY: '4 GB' }, 'MAINLOOP_WORKER_MEMORY is "4 GB".'],
])('%s', (_, env, complaint) => {
  expect(() => read(env)).toThrow(complaint)
})

test('all invalid variables are reported at once', () => {
  expect(() => read({ MAINLOOP_SLOTS: 'many', MAINLOOP_POLL_SECONDS: '-1' })).toThrow(/SLOTS.*\n.*POLL_SECONDS/)
})

test('a poll may be shorter than a second', () => {
  expect(read({ MAINLOOP_POLL_SECONDS: '0.2' }).pollMs).toBe(200)
})

test('the gateway listens on the configured address', () => {
  expect(read({ MAINLOOP_GATEWAY_LISTEN: '0.0.0.0:8787', MAINLOOP_GATEWAY_URL: 'http://gateway:8787/' }).gateway)
    .toEqual({ listen: { host: '0.0.0.0', port: 8787 }, url: 'http://gateway:8787' })
})

test('the pairing page is for the configured logins', () => {
  expect(read({}).pairPage).toBeNull()
  expect(
    read({ MAINLOOP_PAIR_PORT: '8789', MAINLOOP_PAIR_URL: 'https://runner.tail1234.ts.net/', MAINLOOP_TAILNET_LOGINS: 'Ada@Example.com, bob@github' }).pairPage,
  ).toEqual({ port: 8789, url: 'https://runner.tail1234.ts.net', logins: ['ada@example.com', 'bob@github'] })
})

test('further prices are added to the known ones', () => {
  const { prices } = read({ MAINLOOP_MODEL_PRICES: '{"other": {"input": 1, "output": 5, "cacheRead": 0.1}}' })
  expect(prices).toMatchObject({ 'other': { input: 1 }, 'claude-sonnet-5-5': { input: 2 } })
})

test('the co-author has the form of git\'s authors', () => {
  expect(read({}).person).toBeNull()
  expect(read({ MAINLOOP_PERSON: ' Ada Lovelace <ada@example.com> ' }).person).toEqual({ name: 'Ada Lovelace', email: 'ada@example.com' })
})

test('a slash at the end of an address is removed', () => {
  expect(read({ GITHUB_API_URL: 'http://localhost:4000/api/v3/' }).github.apiUrl).toBe('http://localhost:4000/api/v3')
})

test('a missing credential is a problem with a remedy, not an error', () => {
  expect(configProblems(read({})).map(({ how }) => how)).toEqual([expect.stringContaining('GITHUB_TOKEN'), expect.stringContaining('ANTHROPIC_API_KEY')])
  expect(configProblems(read({ GITHUB_TOKEN: 'g', CLAUDE_CODE_OAUTH_TOKEN: 'c' }))).toEqual([])
})

describe('a GitHub App', () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

  test('is configured by its id and its key, which may be in one line', () => {
    expect(read({ GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY: pem }).github.app).toEqual({ id: '123', privateKey: pem })
    expect(read({ GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY: pem.replaceAll('\n', '\\n') }).github.app).toEqual({ id: '123', privateKey: pem })
  })

  test('has tokens that live an hour, so attempts end early enough for a late start and the push', () => {
    const { deadlineSeconds } = read({ GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY: pem, MAINLOOP_DEADLINE_SECONDS: '7200' })
    const publishSeconds = 300
    expect((GRACE_PERIODS.unschedulable + GRACE_PERIODS.image) / 1000 + deadlineSeconds + publishSeconds).toBeLessThanOrEqual(3600)
  })

  test.each([
    ['an id without a key', { GITHUB_APP_ID: '123' }, 'GITHUB_APP_PRIVATE_KEY is not set'],
    ['a key without an id', { GITHUB_APP_PRIVATE_KEY: pem }, 'GITHUB_APP_ID is not set'],
    ['an invalid key, which is not printed,', { GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY: 'hunter2' }, 'GITHUB_APP_PRIVATE_KEY cannot be used'],
    ['a missing file', { GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY_FILE: '/nowhere.pem' }, 'GITHUB_APP_PRIVATE_KEY_FILE is "/nowhere.pem"'],
  ])('%s is reported', (_, env, complaint) => {
    expect(() => read(env)).toThrow(complaint)
  })
})
