import type { LogLine } from '#shared/protocol/log.ts'
import type { ClusterHarness } from './cluster-harness.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { startBlockingServer } from './blocking-server.ts'
import { startClusterHarness } from './cluster-harness.ts'
import { crashingCluster } from './crashing-cluster.ts'
import { inboxOutcome } from './inbox-outcome.ts'
import { localCluster } from './local-cluster.ts'

const access = inject('cluster')

describe.skipIf(access === null)('crashes of runners and outages of the cluster', () => {
  let harness: ClusterHarness
  beforeAll(async () => {
    harness = await startClusterHarness(must(access, 'a cluster'))
  })
  afterAll(() => harness.close())

  test('a runner that crashes after any of its calls leaves one worker for each attempt, whose result the next runner reads', async () => {
    const specs = [1, 2, 3].map(attempt => jobSpecOf({ phase: 'plan', repository: 'octo/missing', attempt }))
    await Promise.all(specs.map(async (spec, i) => {
      await expect(harness.open({ cluster: crashingCluster(harness.cluster, i + 1) }).ensure(spec)).rejects.toThrow('the runner crashed')
      await harness.open().ensure(spec)
    }))
    let crashes = 0
    // The first two calls list Jobs and pods; the third stores a result.
    await waitUntil('all results to be stored', async () => {
      const jobs = await harness.open({ cluster: crashingCluster(harness.cluster, 3) }).list().catch(() => [])
      crashes += jobs.length === 0 ? 1 : 0
      return jobs.length === specs.length && jobs.every(({ result }) => result !== null)
    })
    expect(crashes).toBeGreaterThan(0)
    expect((await harness.open().list()).map(({ result }) => result)).toEqual(
      specs.map(() => expect.objectContaining({ outcome: 'failed', kind: 'repository-not-found' })),
    )
    for (const { name } of specs) {
      expect(await harness.count('pods', name)).toBe(1)
      expect(await harness.count('secrets', name)).toBe(1)
    }
    await Promise.all(specs.map(({ name }) => harness.open().remove(name)))
    expect((await Promise.all(specs.map(({ name }) => harness.leftovers(name)))).flat()).toEqual([])
  })

  // The tests may break only a cluster that they started.
  describe.skipIf(!access?.isOurs)('of our own cluster', () => {
    test('a worker and its log survive a stopped API server, a stopped etcd and a hanging API server', async () => {
      const blockingServer = await startBlockingServer(harness.hostAddress)
      const spec = jobSpecOf({ prompt: `Run \`echo more >> README.md; node -e "fetch('${blockingServer.url}')"\`.`, task: 'longsuffer' })
      const executor = harness.open()
      await executor.ensure(spec)
      const lines: LogLine[] = []
      const following = (async () => {
        for await (const line of executor.follow(spec.name, 0, AbortSignal.timeout(900_000)))
          lines.push(line)
      })()
      await waitUntil('the agent to be at work', () => blockingServer.waiting() > 0)

      await localCluster().stop('kube-apiserver')
      await expect(executor.list()).rejects.toThrow()
      await expect(executor.ensure(spec)).rejects.toThrow()
      await localCluster().start('kube-apiserver')
      await untilListed()

      await localCluster().stop('etcd')
      await sleep(OUTAGE_MS)
      await localCluster().start('etcd')
      await untilListed()

      await localCluster().freeze('kube-apiserver', async () => {
        blockingServer.open()
        await sleep(OUTAGE_MS)
      })
      expect(await harness.end(executor, spec)).toMatchObject({ outcome: 'published' })
      await following
      blockingServer.close()

      expect(lines.map(({ n }) => n)).toEqual(lines.map((_, i) => i + 1))
      expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining([expect.stringMatching(/^Checked out/), 'Done.', expect.stringMatching(/^Pushed/)]))
      expect(await harness.count('pods', spec.name)).toBe(1)
      await executor.remove(spec.name)
      expect(await harness.leftovers(spec.name)).toEqual([])

      async function untilListed(): Promise<void> {
        await waitUntil('the Job to be listed again', async () =>
          (await executor.list().catch(() => [])).some(({ name, result }) => name === spec.name && result === null))
      }
    })

    test('a worker fails when its node is given up', async () => {
      const spec = jobSpecOf({ prompt: 'Hang, please.', task: 'nodeisgone' })
      const executor = harness.open()
      await executor.ensure(spec)
      await harness.atWork(executor, spec)
      await harness.kubectl('taint', 'nodes', '--all', 'mainloop.dev/test=gone:NoExecute')
      try {
        expect(inboxOutcome(await harness.end(executor, spec))).toEqual({
          inbox: 'failure',
          kind: 'crashed',
          reason: 'The worker\'s node does not answer any more, or is being emptied.',
        })
      }
      finally {
        await harness.kubectl('taint', 'nodes', '--all', 'mainloop.dev/test-')
      }
      await executor.remove(spec.name)
      expect(await harness.leftovers(spec.name)).toEqual([])
    })
  })
})

/** Long enough that every connection fails. */
const OUTAGE_MS = 1500
