import type { AttemptResult } from '#shared/model/task-event.ts'
import type { WorkerSettings } from '../../runner/config/config.ts'
import type { Executor } from '../../runner/executor/executor.ts'
import type { KubernetesExecutorOptions } from '../../runner/executor/kubernetes/kubernetes-executor.ts'
import type { JobSpec } from '../../runner/job/job-spec.ts'
import type { Block, ModelRequest, Reply } from '../../runner/testing/model-server.ts'
import { readdir, readFile } from 'node:fs/promises'
import process from 'node:process'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { createKubernetesExecutor } from '../../runner/executor/kubernetes/kubernetes-executor.ts'
import { startGitServer } from '../../runner/testing/git-server.ts'
import { startModelServer } from '../../runner/testing/model-server.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { openTestNamespaces } from './test-namespaces.ts'

/** Namespaces on the cluster, a git server and a model that their pods reach, and executors for them. */
export async function startClusterHarness(access: Parameters<typeof openTestNamespaces>[0]) {
  const namespaces = await openTestNamespaces(access)
  const [git, model] = await Promise.all([startGitServer(namespaces.hostAddress), startModelServer(namespaces.hostAddress)])
  git.create('octo/hello', { 'README.md': 'Hello\n' })
  model.script = script

  const worker: WorkerSettings = {
    image: namespaces.image,
    imagePullPolicy: 'IfNotPresent',
    limits: { cpu: '2', memory: '1Gi', storage: '2Gi' },
    requests: { cpu: '50m', memory: '64Mi' },
  }

  return {
    ...namespaces,
    worker,
    git,
    model,
    open: (options: Partial<KubernetesExecutorOptions> = {}) =>
      createKubernetesExecutor({
        cluster: namespaces.cluster,
        worker,
        secrets: async (spec: JobSpec) => ({
          git: { serverUrl: git.url, token: git.token },
          model: { apiKey: attemptToken(spec), oauthToken: null, baseUrl: model.url },
        }),
        ...options,
      }),
    /** The remaining Jobs, pods and Secrets of a Job. Waits for them to go, because the cluster deletes some of them later. */
    async leftovers(name: string): Promise<string[]> {
      const remaining = async (): Promise<string[]> =>
        (await namespaces.kubectl('get', 'jobs,pods,secrets', '-l', `mainloop.dev/job=${name}`, '-o', 'name')).split('\n').filter(line => line !== '')
      return waitUntil(`nothing to be left of ${name}`, async () => (await remaining()).length === 0).then(() => [], remaining)
    },
    count: async (kind: 'pods' | 'secrets', name: string) =>
      (await namespaces.kubectl('get', kind, '-l', `mainloop.dev/job=${name}`, '-o', 'name')).split('\n').filter(line => line !== '').length,
    /** Resolves with the result of a Job once it has ended. */
    end: (executor: Executor, { name }: Pick<JobSpec, 'name'>): Promise<AttemptResult> =>
      waitUntil(`${name} to end`, async () => (await executor.list()).find(job => job.name === name)?.result ?? null),
    /** Resolves once the agent of a Job has written "hello". */
    async atWork(executor: Executor, { name }: Pick<JobSpec, 'name'>): Promise<void> {
      for await (const { text } of executor.follow(name, 0, AbortSignal.timeout(900_000))) {
        if (text === 'hello')
          return
      }
      throw new Error(`${name} ended before it was at work`)
    },
    /** Kills the container of Claude Code from outside, as the kernel would. */
    async killAgent(name: string) {
      const pod = must(
        (await namespaces.cluster.listPods(name)).find(({ deletedAt }) => deletedAt === null),
        `a pod of ${name}`,
      )
      const id = await namespaces.kubectl('get', 'pod', pod.name, '-o', 'jsonpath={.status.initContainerStatuses[?(@.name=="agent")].containerID}')
      process.kill(await firstProcessOf(id.replace(/^.*\/\//, '')), 'SIGKILL')
    },
    async close() {
      await Promise.all([git.close(), model.close(), namespaces.close()])
    },
  }
}

export type ClusterHarness = Awaited<ReturnType<typeof startClusterHarness>>

/** A token for one attempt only, as the gateway's are. */
export function attemptToken({ name }: Pick<JobSpec, 'name'>): string {
  return `attempt-token-of-${name}`
}

function script({ text }: ModelRequest, step: number): Reply {
  // The prompt is within JSON, which escapes the quotes of a command.
  const [, command, thenHang] = /Run `([^`]*)`(, and hang)?\./.exec(text) ?? []
  if (command !== undefined)
    return step === 0 ? [bash(z.string().parse(JSON.parse(`"${command}"`)))] : thenHang ? 'hang' : [{ type: 'text', text: 'Done.' }]
  if (text.includes('Hang, please.'))
    return step === 0 ? [{ type: 'text', text: 'hello' }, bash('tail -f /dev/null')] : 'hang'
  return step === 0
    ? [{ type: 'text', text: 'hello' }, { type: 'tool_use', name: 'StructuredOutput', input: { plan: 'Greet.', questions: [] } }]
    : [{ type: 'text', text: 'Done.' }]
}

function bash(command: string): Block {
  return { type: 'tool_use', name: 'Bash', input: { command } }
}

/** The first process of a container on this machine, found by its control group. */
async function firstProcessOf(containerId: string): Promise<number> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const groups = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')))
  return must(pids.filter((_, i) => groups[i]?.includes(containerId)).sort((a, b) => a - b)[0], 'a process of the container')
}
