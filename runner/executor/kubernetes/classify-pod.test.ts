import type { ClusterJob, ClusterPod, ContainerState } from './cluster.ts'
import { expect, test } from 'vitest'
import { classifyDeletion, classifyPod } from './classify-pod.ts'

function job(given: Partial<ClusterJob> = {}): ClusterJob {
  return {
    name: 'ml-abcdefghij-plan-1',
    uid: 'job',
    version: '1',
    labels: {},
    annotations: {},
    started: true,
    deleting: false,
    deadlineAt: 1000,
    end: null,
    ...given,
  }
}

function pod(given: Partial<Omit<ClusterPod, 'containers'>> & { containers?: Record<string, ContainerState> } = {}): ClusterPod {
  return {
    name: 'pod',
    uid: 'pod',
    job: 'ml-abcdefghij-plan-1',
    jobUid: 'job',
    createdAt: 0,
    phase: 'Running',
    reason: '',
    message: '',
    deletedAt: null,
    unschedulable: null,
    disruption: null,
    ...given,
    containers: new Map(Object.entries(given.containers ?? {})),
  }
}

const ended = (code: number, reason = code === 0 ? 'Completed' : 'Error', message = ''): ContainerState => ({ kind: 'ended', code, reason, message })
const waiting = (reason: string, message = ''): ContainerState => ({ kind: 'waiting', reason, message })
const running: ContainerState = { kind: 'running' }

test.each<[string, ClusterJob, ClusterPod | undefined, unknown]>([
  ['before its pod is made it runs', job(), undefined, { is: 'running' }],
  ['a pod that waits for its turn runs', job(), pod({ phase: 'Pending', containers: { checkout: waiting('PodInitializing') } }), { is: 'running' }],
  ['the agent at work runs', job(), pod({ containers: { checkout: ended(0), agent: running, publish: waiting('PodInitializing') } }), { is: 'running' }],
  ['between two stages it runs', job(), pod({ containers: { checkout: ended(0), agent: waiting('PodInitializing') } }), { is: 'running' }],

  [
    'publish says how it ended',
    job(),
    pod({ phase: 'Succeeded', containers: { checkout: ended(0), agent: ended(0), publish: ended(0) } }),
    { is: 'reported', pod: 'pod', stage: 'publish' },
  ],
  [
    'also when the Job is complete',
    job({ end: 'complete' }),
    pod({ phase: 'Succeeded', containers: { publish: ended(0) } }),
    { is: 'reported', stage: 'publish' },
  ],
  ['also when the pod was deleted after that', job(), pod({ deletedAt: 5, containers: { publish: ended(0) } }), { is: 'reported', stage: 'publish' }],
  [
    'a checkout that ends the attempt says so itself',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(3) } }),
    { is: 'reported', stage: 'checkout' },
  ],
  [
    'a checkout that breaks does not',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(1) } }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('checkout stage broke: exit code 1') },
  ],
  [
    'what an agent prints is not asked, whatever its code',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(0), agent: ended(3) } }),
    { is: 'ended', kind: 'crashed' },
  ],
  ['a publish that breaks has said nothing', job(), pod({ phase: 'Failed', containers: { publish: ended(1) } }), { is: 'ended', kind: 'crashed' }],

  [
    'memory ran out',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(0), agent: ended(137, 'OOMKilled') } }),
    { is: 'ended', kind: 'out-of-memory' },
  ],
  [
    'killed, and nobody says why',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(0), agent: ended(137) } }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('it was killed') },
  ],
  ['the deadline, pod gone', job({ end: { reason: 'DeadlineExceeded', message: '' } }), undefined, { is: 'ended', kind: 'deadline' }],
  [
    'the deadline, before the Job says so',
    job({ deadlineAt: 1000 }),
    pod({ deletedAt: 1001, containers: { checkout: ended(0), agent: running } }),
    { is: 'ended', kind: 'deadline' },
  ],
  [
    'evicted by its node',
    job(),
    pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('low on resource') },
  ],
  [
    'the pod failed as a whole',
    job(),
    pod({ phase: 'Failed', reason: 'NodeAffinity', message: 'no match' }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('NodeAffinity: no match') },
  ],
  ['the Job failed and its pod is gone', job({ end: { reason: 'BackoffLimitExceeded', message: '' } }), undefined, { is: 'ended', kind: 'crashed' }],
  ['deleted while it worked', job(), pod({ deletedAt: 5, containers: { checkout: ended(0), agent: running } }), { is: 'deleted' }],
  ['deleted, and the agent has stopped for it', job(), pod({ deletedAt: 5, containers: { checkout: ended(0), agent: ended(143) } }), { is: 'deleted' }],

  [
    'no node has room',
    job(),
    pod({ phase: 'Pending', unschedulable: '0/1 nodes are available: 1 Insufficient memory.' }),
    { is: 'stuck', kind: 'unschedulable', reason: expect.stringContaining('Insufficient memory') },
  ],
  [
    'an image that cannot be pulled may come',
    job(),
    pod({ phase: 'Pending', containers: { checkout: waiting('ImagePullBackOff', 'Back-off pulling image') } }),
    { is: 'stuck', kind: 'image' },
  ],
  ['a name that is none never does', job(), pod({ phase: 'Pending', containers: { checkout: waiting('InvalidImageName') } }), { is: 'ended', kind: 'image' }],
  [
    'a container the node cannot make',
    job(),
    pod({ phase: 'Pending', containers: { checkout: waiting('CreateContainerConfigError', 'secret not found') } }),
    { is: 'stuck', kind: 'crashed', reason: expect.stringContaining('secret not found') },
  ],
])('%s', (_, job, pod, expected) => {
  expect(classifyPod(job, pod)).toMatchObject(expected as object)
})

test.each([
  ['the node is gone', ['Scheduled', 'TaintManagerEviction'], null, 'node does not answer'],
  ['the node is gone, as newer clusters say it', [], 'DeletionByTaintManager', 'node does not answer'],
  ['it was preempted', ['Preempted'], null, 'make room'],
  ['it was evicted through the API', [], 'EvictionByEvictionAPI', 'evicted'],
  ['anybody else', ['Scheduled', 'Pulled', 'Killing'], null, 'Somebody else deleted'],
])('%s', (_, events, reason, words) => {
  expect(classifyDeletion(pod({ disruption: reason === null ? null : { reason, message: 'm' } }), events)).toMatchObject({
    kind: 'crashed',
    reason: expect.stringContaining(words),
  })
})
