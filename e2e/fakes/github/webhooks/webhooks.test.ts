import type { FakeGitHub } from '../fake-github.ts'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { verify } from '@octokit/webhooks-methods'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { parseDelivery } from '../../../../edge/github/parse-delivery.ts'
import { waitUntil } from '../../../../scripts/lib/wait-until.ts'
import { startFakeGitHub } from '../fake-github.ts'
import { loadWebhookSchemas } from './validate-payload.ts'

const NAME = 'octo/hooked'
const SECRET = 'a-webhook-secret'
const CI = 'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "true"\n'
const BRANCH = 'mainloop/x'

interface Received { event: string, parsed: ReturnType<typeof parseDelivery>, verified: boolean }

const received: Received[] = []
let github: FakeGitHub
const listener = createServer(async (request, response) => {
  const body = await text(request)
  const event = String(request.headers['x-github-event'])
  const verified = await verify(SECRET, body, String(request.headers['x-hub-signature-256']))
  received.push({ event, parsed: parseDelivery(event, JSON.parse(body)), verified })
  response.writeHead(202).end('{}')
})

beforeAll(async () => {
  github = await startFakeGitHub()
  await github.seed(NAME, { 'a.txt': 'a\n', '.github/workflows/ci.yml': CI })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const { port } = z.object({ port: z.number() }).parse(listener.address())
  expect(await github.webhooks.add(NAME, { url: `http://127.0.0.1:${port}`, secret: SECRET })).toMatchObject({ event: 'ping', status: 202 })
})
afterAll(async () => {
  await github.close()
  listener.close()
})

test('every event is delivered as GitHub describes it, and the edge can parse it', async () => {
  const sha = await github.commit(NAME, BRANCH, { 'b.txt': 'b\n' })
  const created = await fetch(`${github.apiUrl}/repos/${NAME}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${github.token}` },
    body: JSON.stringify({ title: 'Add b', head: BRANCH, base: 'main' }),
  })
  expect(created.status).toBe(201)
  await github.idle()
  await github.comment(NAME, 1, 'Nice.')
  await github.review(NAME, 1, { state: 'CHANGES_REQUESTED', lines: [{ path: 'b.txt', line: 1, body: 'Why?' }] })
  await github.addCheck(NAME, { sha, app: 'coverage', name: 'coverage', conclusion: 'success' })
  await github.addStatus(NAME, { sha, context: 'ci/old', state: 'success' })
  await github.commit(NAME, BRANCH, { 'b.txt': 'c\n' })
  await github.closePull(NAME, 1)
  await github.deleteBranch(NAME, BRANCH)
  await github.idle()
  await github.webhooks.delivered()
  await waitUntil('all deliveries to be received', () => received.length >= github.webhooks.deliveries.length)

  expect(github.violations).toEqual([])
  expect([...new Set(received.map(({ event }) => event))].sort()).toEqual([
    'check_run',
    'delete',
    'issue_comment',
    'ping',
    'pull_request',
    'pull_request_review',
    'push',
    'status',
    'workflow_run',
  ])
  expect(received.every(({ verified }) => verified)).toBe(true)
  expect(received.filter(({ event, parsed }) => event !== 'ping' && parsed.kind !== 'hint')).toEqual([])
})

test('a delivery that fails does not delay the push', async () => {
  await github.webhooks.add(NAME, { url: 'http://127.0.0.1:1', secret: SECRET })
  await github.commit(NAME, 'main', { 'd.txt': 'd\n' })
  await github.webhooks.delivered()
  expect(github.webhooks.deliveries.at(-1)).toBeDefined()
  expect(github.webhooks.deliveries.some(({ status }) => status === null)).toBe(true)
})

test.each([
  [
    'a field that GitHub does not have',
    { event: 'delete', action: null, body: { ref: 'x', ref_type: 'branch', pusher_type: 'user', mood: 'good' } },
    'additional properties',
  ],
  ['a missing field', { event: 'check_run', action: 'completed', body: { action: 'completed' } }, 'must have required property \'check_run\''],
  ['an event that GitHub does not send', { event: 'tea', action: 'ready', body: {} }, 'GitHub has no such webhook'],
])('%s makes a payload invalid', (_, payload, problem) => {
  expect(loadWebhookSchemas()(payload).join()).toContain(problem)
})
