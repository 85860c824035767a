import type { Cluster } from './cluster.ts'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createCluster } from './client.ts'
import { ClusterError } from './cluster.ts'
import { createPodWatch } from './pod-watch.ts'

const JOB = 'ml-abcdefghij-plan-1'
const never = new AbortController().signal

/** A cluster whose watches behave as scripted, one after the other; the last one stays open. */
function scripted(...watches: (() => AsyncIterable<string>)[]): Pick<Cluster, 'watchPods'> & { begun: () => number } {
  let begun = 0
  return {
    begun: () => begun,
    watchPods: (signal) => {
      begun += 1
      return watches[begun - 1]?.() ?? open(signal)
    },
  }
}

async function* open(signal: AbortSignal): AsyncGenerator<string> {
  await once(signal, 'abort')
}

test.each<[string, () => AsyncIterable<string>]>([
  ['its version is too old', async function* () { throw new ClusterError(410, 'too old resource version') }],
  ['its time is over', async function* () {}],
  ['its connection breaks', async function* () { throw new Error('socket hang up') }],
  ['the server is not there', async function* () { throw new Error('connect ECONNREFUSED') }],
])('when %s, subscribers wake and a new watch begins', async (_, watch) => {
  const cluster = scripted(watch)
  const changes = createPodWatch(cluster, 1).subscribe(JOB)
  await changes.wait(60_000, never)
  await expect.poll(cluster.begun).toBeGreaterThan(1)
  changes.close()
})

test('a change wakes only the subscribers of its Job', async () => {
  let isOtherAwake = false
  const watch = createPodWatch(scripted(async function* () {
    yield JOB
    await once(never, 'abort')
  }))
  const [changed, other] = [watch.subscribe(JOB), watch.subscribe('ml-klmnopqrst-plan-1')]
  void other.wait(60_000, never).then(() => {
    isOtherAwake = true
  })
  await changed.wait(60_000, never)
  expect(isOtherAwake).toBe(false)
  changed.close()
})

test('the watch ends with its last subscriber', async () => {
  let ended = false
  const watch = createPodWatch({
    async* watchPods(signal) {
      await once(signal, 'abort')
      ended = true
    },
  })
  watch.subscribe(JOB).close()
  await expect.poll(() => ended).toBe(true)
})

test('the client yields the Jobs that change, and throws an expiry that the server puts into the stream', async () => {
  const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`
  const urls: string[] = []
  const server = createServer((request, response) => {
    urls.push(request.url ?? '')
    response.write(event('ADDED', { metadata: { labels: { 'mainloop.dev/job': JOB } } }))
    response.end(event('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const folder = mkdtempSync(join(tmpdir(), 'mainloop-watch-'))
  const kubeconfig = join(folder, 'config')
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'c',
      'clusters': [
        { name: 'c', cluster: { 'server': `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, 'insecure-skip-tls-verify': true } },
      ],
      'users': [{ name: 'u', user: {} }],
      'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  )
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  const jobs: string[] = []
  await expect((async () => {
    for await (const job of createCluster({ kubeconfig, namespace: 'n' }).watchPods(never))
      jobs.push(job)
  })()).rejects.toMatchObject({ status: 410 })
  expect(jobs).toEqual([JOB])
  // The watch names no start version, so that none can be too old.
  expect(urls).toEqual([expect.not.stringContaining('resourceVersion')])
})
