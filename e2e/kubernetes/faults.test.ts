import type { WorkerSettings } from '../../runner/config/config.ts'
import type { JobSpec } from '../../runner/job/job-spec.ts'
import type { ClusterHarness } from './cluster-harness.ts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { wipRef } from '../../runner/job/wip-ref.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { startClusterHarness } from './cluster-harness.ts'
import { inboxOutcome } from './inbox-outcome.ts'

const access = inject('cluster')

/** No grace period, so that a problem that might pass ends the attempt at once. */
const IMPATIENT = { image: 0, unschedulable: 0, crashed: 0, event: 0 }

const PLAN = { phase: 'plan', prompt: 'Plan it.' } as const
const FILL = { phase: 'implement', prompt: 'Run `head -c 90M /dev/zero > $TMPDIR/full`, and hang.' } as const

// Concurrent, because most of the time passes until the cluster notices.
describe.skipIf(access === null).concurrent('an attempt with a fault', () => {
  let harness: ClusterHarness
  beforeAll(async () => {
    harness = await startClusterHarness(must(access, 'a cluster'))
  })
  afterAll(() => harness.close())

  test.each<[string, (worker: WorkerSettings) => WorkerSettings, Pick<JobSpec, 'phase' | 'prompt'>, string, RegExp]>([
    [
      'needs more memory than it has',
      worker => ({ ...worker, limits: { ...worker.limits, memory: '128Mi' } }),
      PLAN,
      'out-of-memory',
      /more memory than a worker has/,
    ],
    [
      'finds every node full',
      worker => ({ ...worker, limits: { ...worker.limits, memory: '900Gi' }, requests: { cpu: '50m', memory: '900Gi' } }),
      PLAN,
      'unschedulable',
      /No node takes the worker.*Insufficient memory/,
    ],
    ['fills its disk', worker => ({ ...worker, limits: { ...worker.limits, storage: '64Mi' } }), FILL, 'crashed', /node evicted the worker.*exceeds/],
  ])('%s', async (fault, worker, assignment, kind, reason) => {
    const spec = jobSpecOf({ ...assignment, task: taskOf(fault) })
    const executor = harness.open({ worker: worker(harness.worker), gracePeriods: IMPATIENT })
    await executor.ensure(spec)
    expect(inboxOutcome(await harness.end(executor, spec))).toEqual({ inbox: 'failure', kind, reason: expect.stringMatching(reason) })
    await executor.remove(spec.name)
    expect(await harness.leftovers(spec.name)).toEqual([])
  })

  test('has an image that is not there', async () => {
    const spec = jobSpecOf({ ...PLAN, task: 'noimagenow' })
    const executor = harness.open({ worker: { ...harness.worker, image: 'mainloop:missing' }, gracePeriods: IMPATIENT })
    await executor.ensure(spec)
    expect(inboxOutcome(await harness.end(executor, spec))).toEqual({
      inbox: 'failure',
      kind: 'image',
      reason: expect.stringMatching(/image cannot be pulled.*mainloop:missing/),
    })
    await executor.remove(spec.name)
    // This kubelet keeps a pod that never had a container for another minute, so the pod counts as gone once it is being deleted.
    await waitUntil('the pod to be deleted', async () => (await harness.cluster.listPods(spec.name)).every(({ deletedAt }) => deletedAt !== null))
    expect(await harness.kubectl('get', 'jobs,secrets', '-l', `mainloop.dev/job=${spec.name}`, '-o', 'name')).toBe('')
  })

  test('fails when somebody else deletes its pod, and the cluster makes no other', async () => {
    const spec = jobSpecOf({ prompt: 'Hang, please.', task: 'deletedpod' })
    const executor = harness.open()
    await executor.ensure(spec)
    await harness.atWork(executor, spec)
    await harness.kubectl('delete', 'pod', '-l', `mainloop.dev/job=${spec.name}`, '--wait=false')
    expect(inboxOutcome(await harness.end(executor, spec))).toEqual({ inbox: 'failure', kind: 'crashed', reason: 'Somebody else deleted the worker\'s pod.' })
    await waitUntil('the pod to be gone', async () => (await harness.cluster.listPods(spec.name)).length === 0)
    expect(await harness.kubectl('get', 'job', spec.name, '-o', 'jsonpath={.spec.parallelism}')).toBe('0')
    // The result is stored, so another runner reads it although the pod is gone.
    expect(await harness.end(harness.open(), spec)).toMatchObject({ kind: 'crashed', reason: 'Somebody else deleted the worker\'s pod.' })
    await executor.remove(spec.name)
    expect(await harness.leftovers(spec.name)).toEqual([])
  })

  test('ends on SIGTERM, which the first process of a container handles', async () => {
    const spec = jobSpecOf({ prompt: 'Hang, please.', task: 'toldtoends' })
    const executor = harness.open()
    await executor.ensure(spec)
    await harness.atWork(executor, spec)
    const [pod] = await harness.cluster.listPods(spec.name)
    await harness.kubectl('exec', must(pod, 'its pod').name, '--container', 'agent', '--', 'sh', '-c', 'kill -TERM 1')
    // After a SIGKILL the exit code would be 137, and much later.
    expect(inboxOutcome(await harness.end(executor, spec))).toEqual({ inbox: 'failure', kind: 'crashed', reason: 'The agent stage broke: exit code 1.' })
    await executor.remove(spec.name)
    expect(await harness.leftovers(spec.name)).toEqual([])
  })

  test('passes its deadline: its changes are kept, and the next attempt publishes them', async () => {
    const late = jobSpecOf({ prompt: 'Run `echo more >> README.md`, and hang.', task: 'unfinished', deadlineSeconds: 40 })
    const next = jobSpecOf({ prompt: 'Run `true`.', task: 'unfinished', attempt: 2 })
    const executor = harness.open()
    await executor.ensure(late)
    expect(inboxOutcome(await harness.end(executor, late))).toMatchObject({ inbox: 'failure', kind: 'deadline' })
    expect(harness.git.git('octo/hello', 'show', `${wipRef(late.task)}:README.md`)).toBe('Hello\nmore\n')
    await executor.remove(late.name)

    await executor.ensure(next)
    expect(await harness.end(executor, next)).toMatchObject({ outcome: 'published' })
    expect(harness.git.git('octo/hello', 'show', `${next.branch}:README.md`)).toBe('Hello\nmore\n')
    expect(harness.git.git('octo/hello', 'for-each-ref', wipRef(late.task))).toBe('')
    await executor.remove(next.name)
    expect([...await harness.leftovers(late.name), ...await harness.leftovers(next.name)]).toEqual([])
  })
})

/** A task id of ten letters and digits, different for each fault. */
function taskOf(fault: string): string {
  return fault.replaceAll(/[^a-z\d]/g, '').padEnd(10, 'x').slice(0, 10)
}
