import type { ClusterAccess } from '../kubernetes/local-cluster.ts'
import { performance } from 'node:perf_hooks'
import { STATES } from '#shared/testing/build-task.ts'
import { jobManifest } from '../../runner/executor/kubernetes/job-manifest.ts'
import { createKubernetesExecutor } from '../../runner/executor/kubernetes/kubernetes-executor.ts'
import { createLedger } from '../../runner/gateway/ledger.ts'
import { createWake } from '../../runner/lib/wake.ts'
import { reconcile } from '../../runner/reconcile/reconcile.ts'
import { createLoadFixture } from '../../runner/reconcile/testing/load-fixture.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { openTestNamespaces } from '../kubernetes/test-namespaces.ts'

const ROUNDS = 40

/** The first rounds are not counted, because they open connections. */
const WARM_UP = 5

/** Milliseconds from a confirmed task's arrival at the runner until its Job exists, and of one bare call that creates the same Job. */
export async function benchJobs(access: ClusterAccess): Promise<{ bareMs: number[], confirmedMs: number[] }> {
  const namespaces = await openTestNamespaces(access)
  const { cluster } = namespaces
  // No node has so much memory, so no pod runs beside the measurement.
  const worker = {
    image: namespaces.image,
    imagePullPolicy: 'IfNotPresent' as const,
    limits: { cpu: '1', memory: '900Gi', storage: '1Gi' },
    requests: { cpu: '1', memory: '900Gi' },
  }
  const load = createLoadFixture(ROUNDS, { start: () => STATES.queued })
  const confirmed = load.edgeConnection.desired()?.slice() ?? []
  const desired: typeof confirmed = []
  const wake = createWake()
  const stop = new AbortController()
  let jobCreated = (): void => {}
  const executor = createKubernetesExecutor({
    cluster: {
      ...cluster,
      createJob: async (manifest) => {
        const job = await cluster.createJob(manifest)
        jobCreated()
        return job
      },
    },
    worker,
    secrets: async () => ({ git: { serverUrl: 'https://github.com', token: null }, model: { apiKey: null, oauthToken: null, baseUrl: null } }),
  })
  const reconciling = reconcile({
    ...load,
    edgeConnection: { ...load.edgeConnection, desired: () => [...desired] },
    executor,
    ledger: createLedger({ dayBudgetUsd: 1000, now: Date.now }),
    composePrompt: () => 'Do it.',
    wake,
    slots: ROUNDS,
    person: null,
    pollMs: 60_000,
    quietMs: 0,
    deadlineSeconds: 60,
    checkoutMb: 100,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    bug: (error) => {
      throw error
    },
  }, stop.signal)

  const [bareMs, confirmedMs]: [number[], number[]] = [[], []]
  for (const [round, task] of confirmed.entries()) {
    const bareSpec = jobSpecOf({ task: `bare${String(round).padStart(6, '0')}` })
    const bare = await timed(() => cluster.createJob(jobManifest(bareSpec, worker, 'none')))
    const { promise, resolve } = Promise.withResolvers<void>()
    jobCreated = resolve
    const ours = await timed(async () => {
      desired.push(task)
      wake.up()
      await promise
    })
    // The pass also creates the Secret and reports the task, which must not count for the next round.
    await idle()
    desired.pop()
    const jobs = await executor.list()
    await Promise.all([cluster.deleteJob(bareSpec.name), ...jobs.map(({ name }) => executor.remove(name))])
    await idle()
    if (round >= WARM_UP) {
      bareMs.push(bare)
      confirmedMs.push(ours)
    }
  }
  stop.abort()
  await reconciling
  await namespaces.close()
  return { bareMs, confirmedMs }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

/** Long enough for a pass to end. */
async function idle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 150))
}
