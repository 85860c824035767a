import type { McpAnswer } from './testing/mcp-client.ts'
import { evictDurableObject, reset } from 'cloudflare:test'
import { afterEach, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { mainloop, pairDevice, post, pullBody, request } from '../testing/harness.ts'
import { callTool, createMcpToken, listRequest, mcpRequest } from './testing/mcp-client.ts'

afterEach(() => reset())

const proposal = { repository: 'owner/name', title: 'Fix the login', brief: 'The button does nothing.' }

describe('a caller who is not authenticated', () => {
  test.each([
    ['no token', {}],
    ['a wrong token', { token: 'wrong' }],
    ['the runner\'s token', { token: 'runner-token-for-tests' }],
    ['another scheme', { headers: { Authorization: 'Basic abc' } }],
  ])('with %s is refused', async (_, options) => {
    expect((await mcpRequest(listRequest, options)).status).toBe(401)
  })

  test('is refused with a device\'s cookie and no token', async () => {
    const response = await mcpRequest(listRequest, { headers: { Cookie: await pairDevice() } })
    expect(response.status).toBe(401)
  })
})

describe('another site', () => {
  test.each([
    ['a foreign name that resolves to the edge', { origin: 'http://evil.example' }],
    ['a page of another origin', { headers: { Origin: 'https://evil.example' } }],
    ['a page without an origin', { headers: { Origin: 'null' } }],
  ])('%s is refused, token or not', async (_, options) => {
    const { token } = await createMcpToken(await pairDevice(), ['read'])
    expect([403, 421]).toContain((await mcpRequest(listRequest, { token, ...options })).status)
  })
})

test('the server has the version of the package', async () => {
  const { token } = await createMcpToken(await pairDevice(), ['read'])
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const response = await mcpRequest({ jsonrpc: '2.0', id: 1, method: 'initialize', params }, { token })
  expect(await response.json()).toMatchObject({ result: { serverInfo: { name: 'mainloop', version: packageJson.version } } })
})

test('a token is shown once, listed without its secret, valid after a restart, and void when revoked', async () => {
  const cookie = await pairDevice()
  const { token, id } = await createMcpToken(cookie, ['read'])
  const listed = await (await request('/api/tokens', { headers: { Cookie: cookie } })).text()
  expect(JSON.parse(listed)).toEqual({
    tokens: [{ id, kind: 'mcp', name: 'Laptop', scopes: ['read'], createdAt: expect.any(Number), expiresAt: null, seenAt: null }],
  })
  expect(listed).not.toContain(token)

  await evictDurableObject(mainloop())
  expect((await mcpRequest(listRequest, { token })).status).toBe(200)

  await request(`/api/tokens/${id}`, { method: 'DELETE', headers: { Cookie: cookie, Origin: 'http://localhost' } })
  expect((await mcpRequest(listRequest, { token })).status).toBe(401)
})

test.each([
  ['no name', { name: ' ', scopes: ['read'] }],
  ['no scope', { name: 'Laptop', scopes: [] }],
  ['an unknown scope', { name: 'Laptop', scopes: ['root'] }],
])('a token with %s is not created', async (_, body) => {
  expect((await post('/api/tokens', { kind: 'mcp', ...body }, await pairDevice())).status).toBe(400)
})

describe('the tools', () => {
  test.each([
    ['read', ['list_tasks', 'get_task', 'search_history', 'list_repos'], ['spawn_task', 'remember', 'forget']],
    ['write', ['spawn_task', 'message_task', 'cancel_task', 'remember', 'forget'], ['list_tasks', 'get_task', 'search_history']],
  ] as const)('a token that may %s is offered those and no others, and may call no others', async (scope, offered, others) => {
    const { token } = await createMcpToken(await pairDevice(), [scope])
    const { result } = await (await mcpRequest(listRequest, { token })).json<McpAnswer>()
    const names = result?.tools?.map(({ name }) => name) ?? []
    expect(names).toEqual(expect.arrayContaining([...offered]))
    for (const other of others) {
      expect(names).not.toContain(other)
      expect(await callTool(token, other, proposal)).toEqual({ text: expect.stringContaining(`may not call ${other}`), isError: true })
    }
  })

  test('propose a task that nobody has started, and show it', async () => {
    const cookie = await pairDevice()
    const { token } = await createMcpToken(cookie, ['read', 'write', 'act'])
    expect((await callTool(token, 'spawn_task', proposal)).text).toContain('it has not started')

    const pulled = await (await post('/api/pull', pullBody(), cookie)).json<{ patch: { value?: { id: string, state?: { status: string } } }[] }>()
    const [task] = pulled.patch.flatMap(({ value }) => value?.state?.status === 'proposed' ? [value] : [])
    expect((await callTool(token, 'list_tasks')).text).toContain('"Fix the login" on owner/name: waits for you to start it')
    expect((await callTool(token, 'list_repos')).text).toBe(`owner/name: 1 task, 1 open; last used ${new Date().toISOString().slice(0, 10)}`)
    expect((await callTool(token, 'get_task', { task: task?.id })).text).toContain('The button does nothing.')
  })

  test.each([
    ['a repository on another host', 'spawn_task', { ...proposal, repository: 'https://gitlab.com/a/b' }, 'gitlab.com is not GitHub'],
    ['a base that is no branch', 'spawn_task', { ...proposal, base: '../../etc' }, 'cannot be a branch in git'],
    ['arguments of another kind', 'list_tasks', { limit: 'many' }, 'The arguments of list_tasks are wrong'],
    ['an unknown task', 'get_task', { task: 'nothing000' }, 'Call list_tasks'],
    ['an unknown tool', 'delete_everything', {}, 'There is no tool "delete_everything". There are: spawn_task'],
  ])('%s is an error that says what to do', async (_, name, input, message) => {
    const { token } = await createMcpToken(await pairDevice(), ['read', 'write'])
    expect(await callTool(token, name, input)).toEqual({ text: expect.stringContaining(message), isError: true })
  })
})

test.each([
  ['not JSON', '{', 400],
  ['not JSON-RPC', { hello: 1 }, 400],
  ['too long', `"${'a'.repeat(1_000_001)}"`, 413],
])('a request that is %s is refused', async (_, body, status) => {
  const { token } = await createMcpToken(await pairDevice(), ['read'])
  expect((await mcpRequest(body, { token })).status).toBe(status)
})

test.each(['GET', 'DELETE', 'PUT', 'HEAD'])('%s is refused with the method that is allowed, so that a client does not ask again', async (method) => {
  const { token } = await createMcpToken(await pairDevice(), ['read'])
  const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' }
  const response = await request('/mcp', { method, headers })
  expect([response.status, response.headers.get('Allow'), response.headers.get('Content-Type')]).toEqual([405, 'POST', 'application/json'])
})

describe('wrong parameters', () => {
  test.each([
    ['no parameters', 'tools/call', undefined],
    ['a list', 'tools/call', ['list_tasks']],
    ['a text', 'tools/call', 'list_tasks'],
    ['no name', 'tools/call', { arguments: {} }],
    ['a name of another type', 'tools/call', { name: 5 }],
    ['arguments of another type', 'tools/call', { name: 'list_tasks', arguments: 'all' }],
    ['a cursor of another type', 'tools/list', { cursor: 5 }],
    ['an empty object', 'initialize', {}],
  ])('%s for %s are the caller\'s mistake', async (_, method, params) => {
    const { token } = await createMcpToken(await pairDevice(), ['read'])
    const response = await mcpRequest({ jsonrpc: '2.0', id: 'a', method, params }, { token })
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 'a', error: { code: -32602, message: expect.stringMatching(/\w/) } })
  })
})

describe('a batch', () => {
  const call = (id: unknown, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } })
  const send = async (messages: unknown[]) => mcpRequest(messages, await createMcpToken(await pairDevice(), ['read']))

  test('with two calls of one id answers both, in order', async () => {
    const answers = await (await send([call(1, 'list_repos'), call(1, 'list_tasks')])).json<(McpAnswer & { id: number })[]>()
    expect(answers.map(({ id, result }) => [id, result?.content?.[0]?.text])).toEqual([
      [1, expect.stringContaining('repository')],
      [1, expect.stringContaining('task')],
    ])
  })

  test('answers each message that needs an answer, wrong ones too', async () => {
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    const wrong = { ...call(2, 'list_repos'), params: [] }
    const response = await send([call(1, 'list_repos'), cancelled, wrong, [call(3, 'list_repos')], { hello: 1 }, listRequest])
    expect([response.status, await response.json()]).toEqual([200, [
      { jsonrpc: '2.0', id: 1, result: expect.objectContaining({ isError: false }) },
      { jsonrpc: '2.0', id: 2, error: { code: -32602, message: expect.stringContaining('The parameters of tools/call are wrong') } },
      { jsonrpc: '2.0', id: null, error: expect.objectContaining({ code: -32700 }) },
      { jsonrpc: '2.0', id: null, error: expect.objectContaining({ code: -32700 }) },
      { jsonrpc: '2.0', id: 1, result: { tools: expect.any(Array) } },
    ]])
  })

  test('of notifications only has no answer', async () => {
    const response = await send([{ jsonrpc: '2.0', method: 'notifications/initialized' }])
    expect([response.status, await response.text()]).toEqual([202, ''])
  })

  test('of more than a hundred messages is refused', async () => {
    expect((await send(Array.from({ length: 101 }).fill(listRequest))).status).toBe(400)
  })
})
