import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { GRACE_PERIODS } from '../executor/kubernetes/resolve-result.ts'
import { configProblems } from './config-problems.ts'
import { readConfig } from './read-config.ts'

const read = (env: NodeJS.ProcessEnv) => readConfig({ RUNNER_TOKEN: 'secret', ...env }, false)

test('a token is all it needs', () => {
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
  ['without a token it says so', { RUNNER_TOKEN: undefined }, 'RUNNER_TOKEN is not set. Expected: the token'],
  ['an empty variable is not set', { RUNNER_TOKEN: '' }, 'RUNNER_TOKEN is not set.'],
  ['a wrong secret is not repeated', { GITHUB_TOKEN: 'two words' }, 'GITHUB_TOKEN cannot be used. Expected: a GitHub token'],
  ['words are no number', { MAINLOOP_SLOTS: 'many' }, 'MAINLOOP_SLOTS is "many". Expected: how many workers'],
  ['none is too few', { MAINLOOP_SLOTS: '0' }, 'MAINLOOP_SLOTS is "0".'],
  ['an address needs a scheme', { MAINLOOP_EDGE: 'localhost:3000' }, 'MAINLOOP_EDGE is "localhost:3000". Expected: the http(s) address of the edge'],
  ['a place to listen is a host and a port', { MAINLOOP_GATEWAY_LISTEN: '8787' }, 'MAINLOOP_GATEWAY_LISTEN is "8787". Expected: host:port'],
  ['prices are JSON', { MAINLOOP_MODEL_PRICES: 'cheap' }, 'MAINLOOP_MODEL_PRICES is "cheap". Expected: prices of further models'],
  ['another executor is named', { MAINLOOP_EXECUTOR: 'docker' }, 'MAINLOOP_EXECUTOR is "docker".'],
  ['a cluster needs an image to run', { MAINLOOP_EXECUTOR: 'kubernetes' }, 'MAINLOOP_IMAGE is not set. Expected: kubernetes: the image workers run'],
  ['and a way from its pods to the model', { MAINLOOP_EXECUTOR: 'kubernetes' }, 'MAINLOOP_GATEWAY_URL is not set.'],
  ['a pairing page needs to know whom to trust', { MAINLOOP_PAIR_PORT: '8789' }, 'MAINLOOP_TAILNET_LOGINS is not set.'],
  ['and under which name it is served', { MAINLOOP_PAIR_PORT: '8789' }, 'MAINLOOP_PAIR_URL is not set.'],
  ['a login has a domain', { MAINLOOP_TAILNET_LOGINS: '*' }, 'MAINLOOP_TAILNET_LOGINS is "*".'],
  ['a co-author has a name and an address', { MAINLOOP_PERSON: 'Ada' }, 'MAINLOOP_PERSON is "Ada". Expected: you, as commits name'],
  ['and cannot write a second trailer', { MAINLOOP_PERSON: 'Ada\nCo-authored-by: Eve <eve@example.com>' }, 'MAINLOOP_PERSON is'],
  ['memory has a unit Kubernetes knows', { MAINLOOP_WORKER_MEMORY: '4 GB' }, 'MAINLOOP_WORKER_MEMORY is "4 GB".'],
])('%s', (_, env, complaint) => {
  expect(() => read(env)).toThrow(complaint)
})

test('every variable that is wrong gets its sentence at once', () => {
  expect(() => read({ MAINLOOP_SLOTS: 'many', MAINLOOP_POLL_SECONDS: '-1' })).toThrow(/SLOTS.*\n.*POLL_SECONDS/)
})

test('a poll may be shorter than a second', () => {
  expect(read({ MAINLOOP_POLL_SECONDS: '0.2' }).pollMs).toBe(200)
})

test('the gateway listens where it is told', () => {
  expect(read({ MAINLOOP_GATEWAY_LISTEN: '0.0.0.0:8787', MAINLOOP_GATEWAY_URL: 'http://gateway:8787/' }).gateway)
    .toEqual({ listen: { host: '0.0.0.0', port: 8787 }, url: 'http://gateway:8787' })
})

test('the pairing page is for the logins it is told', () => {
  expect(read({}).pairPage).toBeNull()
  expect(
    read({ MAINLOOP_PAIR_PORT: '8789', MAINLOOP_PAIR_URL: 'https://runner.tail1234.ts.net/', MAINLOOP_TAILNET_LOGINS: 'Ada@Example.com, bob@github' }).pairPage,
  ).toEqual({ port: 8789, url: 'https://runner.tail1234.ts.net', logins: ['ada@example.com', 'bob@github'] })
})

test('further prices stand beside the known ones', () => {
  const { prices } = read({ MAINLOOP_MODEL_PRICES: '{"other": {"input": 1, "output": 5, "cacheRead": 0.1}}' })
  expect(prices).toMatchObject({ 'other': { input: 1 }, 'claude-sonnet-5-5': { input: 2 } })
})

test('the co-author is written as in a commit', () => {
  expect(read({}).person).toBeNull()
  expect(read({ MAINLOOP_PERSON: ' Ada Lovelace <ada@example.com> ' }).person).toEqual({ name: 'Ada Lovelace', email: 'ada@example.com' })
})

test('a closing slash of an address is of no importance', () => {
  expect(read({ GITHUB_API_URL: 'http://localhost:4000/api/v3/' }).github.apiUrl).toBe('http://localhost:4000/api/v3')
})

test('what is not configured is a problem with a remedy, not a reason to stop', () => {
  expect(configProblems(read({})).map(({ how }) => how)).toEqual([expect.stringContaining('GITHUB_TOKEN'), expect.stringContaining('ANTHROPIC_API_KEY')])
  expect(configProblems(read({ GITHUB_TOKEN: 'g', CLAUDE_CODE_OAUTH_TOKEN: 'c' }))).toEqual([])
})

describe('a GitHub App', () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

  test('is its id and its key, the key in one line too', () => {
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
    ['a key that is none, which is not printed', { GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY: 'hunter2' }, 'GITHUB_APP_PRIVATE_KEY cannot be used'],
    ['a file that is not there', { GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY_FILE: '/nowhere.pem' }, 'GITHUB_APP_PRIVATE_KEY_FILE is "/nowhere.pem"'],
  ])('%s is complained about', (_, given, complaint) => {
    expect(() => read(given)).toThrow(complaint)
  })
})
