import type { Fault } from './fakes/model/fault.ts'
import type { Device } from './harness/device.ts'
import { Buffer } from 'node:buffer'
import { beforeAll, describe, expect, test } from 'vitest'
import { MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { waitUntil } from '../scripts/lib/wait-until.ts'
import { EMPTY, PRIVATE, READ_ONLY } from './fakes/start-fakes.ts'
import { composer, send, visibleText } from './harness/device.ts'
import { readRows } from './harness/rows.ts'
import { useSystem } from './harness/use-system.ts'

const system = useSystem('bad-input')
let device: Device

beforeAll(async () => {
  device = await system().device('laptop')
})

describe('a repository that tasks cannot use', () => {
  test.each([
    ['misspelt', 'ada', '"ada" does not name a repository'],
    ['not on GitHub', 'https://gitlab.com/ada/greetings', 'gitlab.com is not GitHub'],
  ])('%s is reported in the conversation, and nothing is proposed', async (_, repository, sentence) => {
    await send(device.page, `Change the greeting in ${repository}`)
    await visibleText(device.page, `The answer to that: ${sentence}`).waitFor()
    expect((await readRows(device)).tasks).toEqual([])
  })

  test.each([
    ['not there', 'ada/nowhere', 'repository-not-found'],
    ['private without access', PRIVATE, 'repository-not-found'],
    ['readable but not writable', READ_ONLY, 'repository-no-access'],
    ['empty', EMPTY, 'repository-empty'],
  ])('%s fails the task with the reason', async (_, repository, kind) => {
    system().runner.start()
    await send(device.page, `Change the greeting in ${repository}`)
    await device.page.getByRole('button', { name: 'Start task' }).first().click()
    const state = await waitUntil('the task to fail', async () => {
      const task = (await readRows(device)).tasks.find(task => task.repository === repository)
      return task?.state.status === 'failed' && task.state
    })
    expect(state).toMatchObject({ kind, reason: expect.stringContaining(repository) })
    await system().runner.stop()
  })
})

describe('a model that fails', () => {
  const recovering: [string, Fault][] = [
    ['asks to wait', { kind: 'rate-limited', retryAfterSeconds: 1 }],
    ['is overloaded', { kind: 'overloaded' }],
    ['is cut off in the middle', { kind: 'cut', afterEvents: 4 }],
    ['answers garbage', { kind: 'garbage' }],
  ]
  test.each(recovering)('one that %s gets the request again, and the reply appears once', async (_, fault) => {
    system().model.fail('conversation', fault)
    await expectReply('Hello', 'Hello. What shall we work on?')
  })

  test('a wrong key fails the reply with instructions, and a retry succeeds', async () => {
    system().model.fail('conversation', { kind: 'unauthorized' })
    await send(device.page, 'Hello')
    await visibleText(device.page, /ANTHROPIC_API_KEY/).waitFor()
    const before = await replies()
    await device.page.getByRole('button', { name: 'Try again' }).last().click()
    await waitUntil('the reply', async () => await replies() > before)
  })

  test.each([
    ['a tool with wrong arguments', 'Use a tool with wrong arguments.'],
    ['a tool that does not exist', 'Use a tool that does not exist.'],
  ])('%s returns an error that the model can act on', async (_, text) => {
    await send(device.page, text)
    await visibleText(device.page, 'That went wrong:').waitFor()
  })
})

describe('a very long message', () => {
  test('of 200 kB is accepted whole', async () => {
    await send(device.page, 'x'.repeat(200_000))
    // Claude reads only the beginning and the end of a message over its share of a request; the stored message is whole.
    await visibleText(device.page, /I read \d+ characters\./).waitFor()
    expect((await visibleText(device.page, /x{1000}/).textContent())?.match(/x+/)?.[0]).toHaveLength(200_000)
  })

  test('over the limit is refused with the limit, and the draft is kept', async () => {
    const text = 'y'.repeat(MAX_MESSAGE_LENGTH + 1)
    await send(device.page, text)
    await device.page.getByRole('alert').filter({ hasText: MAX_MESSAGE_LENGTH.toLocaleString('en') }).waitFor()
    expect(await composer(device.page).inputValue()).toHaveLength(text.length)
    await composer(device.page).fill('')
  })
})

describe('an invalid push', () => {
  const push = { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'p', clientGroupID: 'stranger', mutations: [] }
  const late = { clientID: 'c', id: 7, name: 'sendMessage', args: { id: 'm', text: 'x' }, timestamp: 0 }

  test('that is not JSON is a bad request that says so', async () => {
    const response = await post('not json', { origin: system().edge.url })
    expect(response.status()).toBe(400)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/JSON/) } })
  })

  test.each([
    ['of another version', { ...push, pushVersion: 99 }, { error: 'VersionNotSupported', versionType: 'push' }],
    ['of an unknown group that has a past', { ...push, mutations: [late] }, { error: 'ClientStateNotFound' }],
  ])('%s is answered with Replicache\'s own error', async (_, body, answer) => {
    const response = await post(JSON.stringify(body), { origin: system().edge.url })
    expect([response.status(), await response.json()]).toEqual([200, answer])
  })

  test.each([
    ['from another page', { origin: 'https://evil.example' }, 403],
    ['from a stranger', { origin: '', cookie: '' }, 401],
  ])('%s is refused', async (_, headers, status) => {
    const response = await fetch(`${system().edge.url}/api/push`, {
      method: 'POST',
      body: JSON.stringify(push),
      headers: { 'content-type': 'application/json', ...headers, 'origin': headers.origin || system().edge.url },
    })
    expect(response.status).toBe(status)
  })

  function post(data: string, headers: Record<string, string>) {
    return device.page.request.post(`${system().edge.url}/api/push`, { data: Buffer.from(data), headers: { 'content-type': 'application/json', ...headers } })
  }
})

describe('while another part is unreachable', () => {
  test('a started task stays queued without a runner, and the page says so', async () => {
    await send(device.page, 'Change the greeting in ada/away')
    await device.page.getByRole('button', { name: 'Start task' }).first().click()
    await visibleText(device.page, /runner/i).waitFor()
    expect(await awayTask()).toMatchObject({ state: { status: 'queued' } })
  })

  test('the task is blocked while GitHub is down, and continues afterwards', async () => {
    const { github } = system().fakes
    const back = github.fault({ kind: 'down' })
    system().runner.start()
    const task = await waitUntil('the task to be blocked', async () => {
      const task = await awayTask()
      return task?.blocked ? task : null
    })
    expect(task.blocked).toMatchObject({ on: 'github', why: expect.stringMatching(/GitHub/), since: expect.any(Number) })
    back()
    await waitUntil('the task to go on', async () => (await awayTask())?.state.status === 'failed')
  })

  async function awayTask() {
    return (await readRows(device)).tasks.find(task => task.repository === 'ada/away')
  }
})

async function replies(): Promise<number> {
  return (await readRows(device)).messages.filter(message => message.kind === 'claude' && message.state === 'done').length
}

async function expectReply(text: string, reply: string): Promise<void> {
  const before = await replies()
  await send(device.page, text)
  await waitUntil(`the reply to "${text}"`, async () => await replies() > before)
  const { messages } = await readRows(device)
  expect(messages.slice(-2)).toMatchObject([{ kind: 'person', text }, { kind: 'claude', text: reply }])
}
