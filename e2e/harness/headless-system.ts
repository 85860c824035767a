import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import type { ApiClient } from './api-client.ts'
import type { Edge } from './edge.ts'
import type { ScriptedWorkers } from './scripted-workers.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nanoid } from 'nanoid'
import { createEdgeApi } from '../../runner/edge-api/edge-api.ts'
import { createEdgeConnection } from '../../runner/edge-connection/edge-connection.ts'
import { createLedger } from '../../runner/gateway/ledger.ts'
import { createGitHub } from '../../runner/github/octokit.ts'
import { createWake } from '../../runner/lib/wake.ts'
import { composePrompt } from '../../runner/reconcile/compose-prompt.ts'
import { reconcile } from '../../runner/reconcile/reconcile.ts'
import { newSecret } from '../../scripts/lib/settings.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { startFakeGitHub } from '../fakes/github/fake-github.ts'
import { pairApiClient } from './api-client.ts'
import { startEdge } from './edge.ts'
import { freePort } from './free-port.ts'
import { createScriptedWorkers } from './scripted-workers.ts'

export interface HeadlessSystem {
  edge: Edge
  github: FakeGitHub
  person: ApiClient
  workers: ScriptedWorkers
  runnerToken: string
  /** Makes a new repository, optionally with a webhook, and starts a task in it. */
  startTask: (options: { webhook: boolean }) => Promise<{ repository: string, task: string }>
  /** Resolves when the edge knows that the check of the task's nth commit is in progress. */
  untilChecking: (task: { task: string }, nth: number) => Promise<void>
  /** Ends the check of the task's nth commit with a failure. Resolves to the milliseconds from there to the start of the Job that fixes it. */
  failCheck: (task: { repository: string, task: string }, nth: number) => Promise<number>
  /** Ends the check of the task's nth commit with a success, and waits until the pull request is ready. */
  passCheck: (task: { repository: string, task: string }, nth: number) => Promise<void>
  startRunner: (options: { pollMs: number }) => void
  stopRunner: () => Promise<void>
  /** The steps of the runner, with their times by `performance.now()`. */
  steps: { at: number, step: string }[]
  close: () => Promise<void>
}

/** Starts the real edge and the runner's real loop against the fake GitHub, with webhooks; there is no browser, and the workers are scripted. */
export async function startHeadlessSystem(log: (line: string) => void): Promise<HeadlessSystem> {
  const stack = new AsyncDisposableStack()
  const state = await mkdtemp(join(tmpdir(), 'mainloop-loop-'))
  stack.defer(() => rm(state, { recursive: true, force: true, maxRetries: 5 }))
  const github = await startFakeGitHub()
  stack.defer(github.close)
  const [setupSecret, runnerToken] = [newSecret(), newSecret()]
  const edge = await startEdge({ port: await freePort(), state, vars: { SETUP_SECRET: setupSecret, RUNNER_TOKEN: runnerToken }, log })
  stack.defer(edge.stop)
  const person = await pairApiClient(edge.url, setupSecret)
  const api = createEdgeApi({ edge: edge.url, token: runnerToken, ask: fetch })
  const workers = createScriptedWorkers(github)
  const steps: HeadlessSystem['steps'] = []
  let running: { stop: AbortController, ended: Promise<unknown> } | null = null
  let repositories = 0

  function startRunner({ pollMs }: { pollMs: number }): void {
    const stop = new AbortController()
    const wake = createWake()
    const connection = createEdgeConnection({
      edge: edge.url,
      token: runnerToken,
      hello: { instance: nanoid(), executor: 'process', problems: [] },
      say: (_, line) => log(line),
      spent: () => undefined,
      changed: wake.up,
    })
    const loop = reconcile({
      edgeConnection: connection,
      executor: workers.executor,
      ledger: createLedger({ dayBudgetUsd: 1000, now: Date.now }),
      github: createGitHub({ token: github.token, apiUrl: github.apiUrl, secondMs: 1, checkTimeouts: { quietMs: 0, beginMs: 60_000 } }),
      composePrompt,
      wake,
      person: null,
      slots: 50,
      pollMs,
      quietMs: 0,
      deadlineSeconds: 60,
      checkoutMb: 100,
      now: Date.now,
      newId: nanoid,
      onStep: step => void steps.push({ at: performance.now(), step }),
      bug: error => log(String(error)),
    }, stop.signal)
    running = { stop, ended: Promise.all([connection.run(stop.signal), loop]) }
  }

  async function stopRunner(): Promise<void> {
    running?.stop.abort()
    await running?.ended
    running = null
  }
  stack.defer(stopRunner)

  return {
    edge,
    github,
    person,
    workers,
    runnerToken,
    steps,
    startRunner,
    stopRunner,
    async startTask({ webhook }) {
      const repository = `octo/loop-${++repositories}`
      await github.seed(repository, { 'answer.txt': '0\n' })
      if (webhook)
        await github.webhooks.add(repository, await person.newWebhook())
      const task = await person.startTask(repository)
      return { repository, task }
    },
    async untilChecking({ task }, nth) {
      const head = await workers.published(task, nth)
      await waitUntil('the edge to know the pending check', async () => {
        const state = (await api.tasks()).tasks.find(({ id }) => id === task)?.state
        return state?.status === 'checking' && state.head === head && state.pending.some(check => check.startsWith('test'))
      })
    },
    async failCheck({ repository, task }, nth) {
      const sha = await workers.published(task, nth)
      const ended = performance.now()
      await github.addCheck(repository, { sha, app: 'ci', name: 'test', conclusion: 'failure', title: 'It does not' })
      return await workers.fixStarted(task, nth) - ended
    },
    async passCheck({ repository, task }, nth) {
      const sha = await workers.published(task, nth)
      await github.addCheck(repository, { sha, app: 'ci', name: 'test', conclusion: 'success' })
      await waitUntil('the pull request to be ready', () => github.pulls(repository).some(({ draft }) => !draft))
    },
    close: () => stack.disposeAsync(),
  }
}
