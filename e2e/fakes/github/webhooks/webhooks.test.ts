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
const SECRET = 'it is only us'
const CI = 'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "true"\n'
const BRANCH = 'mainloop/x'

interface Heard { event: string, told: ReturnType<typeof parseDelivery>, right: boolean }

const heard: Heard[] = []
let github: FakeGitHub
const listener = createServer(async (request, response) => {
  const body = await text(request)
  const event = String(request.headers['x-github-event'])
  heard.push({ event, told: parseDelivery(event, JSON.parse(body)), right: await verify(SECRET, body, String(request.headers['x-hub-signature-256'])) })
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

test('everything that happens is delivered as GitHub describes it, and read by the edge', async () => {
  const sha = await github.commit(NAME, BRANCH, { 'b.txt': 'b\n' })
  const made = await fetch(`${github.apiUrl}/repos/${NAME}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${github.token}` },
    body: JSON.stringify({ title: 'Add b', head: BRANCH, base: 'main' }),
  })
  expect(made.status).toBe(201)
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
  await waitUntil('all to be heard', () => heard.length >= github.webhooks.deliveries.length)

  expect(github.violations).toEqual([])
  expect([...new Set(heard.map(({ event }) => event))].sort()).toEqual([
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
  expect(heard.every(({ right }) => right)).toBe(true)
  expect(heard.filter(({ event, told }) => event !== 'ping' && told.kind !== 'hint')).toEqual([])
})

test('nobody waits for one that is not answered', async () => {
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
  ['a field that is missing', { event: 'check_run', action: 'completed', body: { action: 'completed' } }, 'must have required property \'check_run\''],
  ['an event that GitHub does not send', { event: 'tea', action: 'ready', body: {} }, 'GitHub has no such webhook'],
])('%s does not pass for a delivery', (_, payload, problem) => {
  expect(loadWebhookSchemas()(payload).join()).toContain(problem)
})
