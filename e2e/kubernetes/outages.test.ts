import type { LogLine } from '#shared/protocol/log.ts'
import type { Bench } from './bench.ts'
import { setTimeout as pass } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { until } from '../../scripts/lib/until.ts'
import { startBench } from './bench.ts'
import { clusterHere } from './cluster-here.ts'
import { dyingCluster } from './dying-cluster.ts'
import { startGate } from './gate.ts'
import { personSees } from './person-sees.ts'

const given = inject('cluster')

describe.skipIf(given === null)('while runners and parts of the cluster die', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench(must(given, 'a cluster'))
  })
  afterAll(() => bench.close())

  test('a runner that dies after any of its calls leaves one worker an attempt, and its successor reads how it ended', async () => {
    const specs = [1, 2, 3].map(attempt => jobSpecOf({ phase: 'plan', repository: 'octo/missing', attempt }))
    await Promise.all(specs.map(async (spec, i) => {
      await expect(bench.open({ cluster: dyingCluster(bench.cluster, i + 1) }).ensure(spec)).rejects.toThrow('has died')
      await bench.open().ensure(spec)
    }))
    let deaths = 0
    // Two calls are to look; with the third, it writes down what it saw.
    await until('all ends to be written down', async () => {
      const jobs = await bench.open({ cluster: dyingCluster(bench.cluster, 3) }).list().catch(() => [])
      deaths += jobs.length === 0 ? 1 : 0
      return jobs.length === specs.length && jobs.every(({ result }) => result !== null)
    })
    expect(deaths).toBeGreaterThan(0)
    expect((await bench.open().list()).map(({ result }) => result)).toEqual(specs.map(() => expect.objectContaining({ outcome: 'failed', kind: 'repository-not-found' })))
    for (const { name } of specs) {
      expect(await bench.count('pods', name)).toBe(1)
      expect(await bench.count('secrets', name)).toBe(1)
    }
    await Promise.all(specs.map(({ name }) => bench.open().remove(name)))
    expect((await Promise.all(specs.map(({ name }) => bench.leftovers(name)))).flat()).toEqual([])
  })

  // Only a cluster of our own may be broken.
  describe.skipIf(!given?.isOurs)('a cluster of our own', () => {
    test('the API server stopped, then etcd, then the API server hanging: one worker goes on, and nothing of its log is lost', async () => {
      const gate = await startGate(bench.hostAddress)
      const spec = jobSpecOf({ prompt: `Run \`echo more >> README.md; node -e "fetch('${gate.url}')"\`.`, task: 'longsuffer' })
      const executor = bench.open()
      await executor.ensure(spec)
      const lines: LogLine[] = []
      const following = (async () => {
        for await (const line of executor.follow(spec.name, 0, AbortSignal.timeout(150_000)))
          lines.push(line)
      })()
      await until('the agent to be at work', () => gate.waiting() > 0)

      await clusterHere().stop('kube-apiserver')
      await expect(executor.list()).rejects.toThrow()
      await expect(executor.ensure(spec)).rejects.toThrow()
      await clusterHere().start('kube-apiserver')
      await untilListed()

      await clusterHere().stop('etcd')
      await pass(OUTAGE_MS)
      await clusterHere().start('etcd')
      await untilListed()

      await clusterHere().freeze('kube-apiserver', async () => {
        gate.open()
        await pass(OUTAGE_MS)
      })
      expect(await bench.end(executor, spec)).toMatchObject({ outcome: 'published' })
      await following
      gate.close()

      expect(lines.map(({ n }) => n)).toEqual(lines.map((_, i) => i + 1))
      expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining([expect.stringMatching(/^Checked out/), 'Done.', expect.stringMatching(/^Pushed/)]))
      expect(await bench.count('pods', spec.name)).toBe(1)
      await executor.remove(spec.name)
      expect(await bench.leftovers(spec.name)).toEqual([])

      async function untilListed(): Promise<void> {
        await until('the Job to be listed again', async () => (await executor.list().catch(() => [])).some(({ name, result }) => name === spec.name && result === null))
      }
    })

    test('a node that is given up takes its worker with it', async () => {
      const spec = jobSpecOf({ prompt: 'Hang, please.', task: 'nodeisgone' })
      const executor = bench.open()
      await executor.ensure(spec)
      await bench.atWork(executor, spec)
      await bench.kubectl('taint', 'nodes', '--all', 'mainloop.dev/test=gone:NoExecute')
      try {
        expect(personSees(await bench.end(executor, spec))).toEqual({ inbox: 'failure', kind: 'crashed', reason: 'The worker\'s node does not answer any more, or is being emptied.' })
      }
      finally {
        await bench.kubectl('taint', 'nodes', '--all', 'mainloop.dev/test-')
      }
      await executor.remove(spec.name)
      expect(await bench.leftovers(spec.name)).toEqual([])
    })
  })
})

/** Long enough that every connection notices. */
const OUTAGE_MS = 1500
