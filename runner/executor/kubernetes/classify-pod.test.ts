import type { ClusterJob, ClusterPod, ContainerState } from './cluster.ts'
import { expect, test } from 'vitest'
import { classifyDeletion, classifyPod } from './classify-pod.ts'

function job(fields: Partial<ClusterJob> = {}): ClusterJob {
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
    ...fields,
  }
}

function pod(fields: Partial<Omit<ClusterPod, 'containers'>> & { containers?: Record<string, ContainerState> } = {}): ClusterPod {
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
    ...fields,
    containers: new Map(Object.entries(fields.containers ?? {})),
  }
}

const ended = (code: number, reason = code === 0 ? 'Completed' : 'Error', message = ''): ContainerState => ({ kind: 'ended', code, reason, message })
const waiting = (reason: string, message = ''): ContainerState => ({ kind: 'waiting', reason, message })
const running: ContainerState = { kind: 'running' }

test.each<[string, ClusterJob, ClusterPod | undefined, unknown]>([
  ['a Job without a pod yet is running', job(), undefined, { is: 'running' }],
  ['a pod that is being initialised is running', job(), pod({ phase: 'Pending', containers: { checkout: waiting('PodInitializing') } }), { is: 'running' }],
  [
    'a pod with a running agent is running',
    job(),
    pod({ containers: { checkout: ended(0), agent: running, publish: waiting('PodInitializing') } }),
    { is: 'running' },
  ],
  ['a pod between two stages is running', job(), pod({ containers: { checkout: ended(0), agent: waiting('PodInitializing') } }), { is: 'running' }],

  [
    'a successful publish stage reports the result',
    job(),
    pod({ phase: 'Succeeded', containers: { checkout: ended(0), agent: ended(0), publish: ended(0) } }),
    { is: 'reported', pod: 'pod', stage: 'publish' },
  ],
  [
    'a publish stage reports the result of a complete Job too',
    job({ end: 'complete' }),
    pod({ phase: 'Succeeded', containers: { publish: ended(0) } }),
    { is: 'reported', stage: 'publish' },
  ],
  [
    'a publish stage reports the result although the pod was deleted later',
    job(),
    pod({ deletedAt: 5, containers: { publish: ended(0) } }),
    { is: 'reported', stage: 'publish' },
  ],
  [
    'a checkout stage that ends the attempt reports the result',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(3) } }),
    { is: 'reported', stage: 'checkout' },
  ],
  [
    'a checkout stage that breaks is a crash',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(1) } }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('checkout stage broke: exit code 1') },
  ],
  [
    'the agent stage reports no result with any exit code',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(0), agent: ended(3) } }),
    { is: 'ended', kind: 'crashed' },
  ],
  ['a publish stage that breaks is a crash', job(), pod({ phase: 'Failed', containers: { publish: ended(1) } }), { is: 'ended', kind: 'crashed' }],

  [
    'an OOMKilled stage ran out of memory',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(0), agent: ended(137, 'OOMKilled') } }),
    { is: 'ended', kind: 'out-of-memory' },
  ],
  [
    'a stage killed without a reason is a crash',
    job(),
    pod({ phase: 'Failed', containers: { checkout: ended(0), agent: ended(137) } }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('it was killed') },
  ],
  ['a Job without its pod exceeded its deadline', job({ end: { reason: 'DeadlineExceeded', message: '' } }), undefined, { is: 'ended', kind: 'deadline' }],
  [
    'a pod deleted after the deadline exceeded it, before the Job says so',
    job({ deadlineAt: 1000 }),
    pod({ deletedAt: 1001, containers: { checkout: ended(0), agent: running } }),
    { is: 'ended', kind: 'deadline' },
  ],
  [
    'a pod evicted by its node is a crash with the node\'s message',
    job(),
    pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('low on resource') },
  ],
  [
    'a pod that failed as a whole is a crash with its reason',
    job(),
    pod({ phase: 'Failed', reason: 'NodeAffinity', message: 'no match' }),
    { is: 'ended', kind: 'crashed', reason: expect.stringContaining('NodeAffinity: no match') },
  ],
  ['a failed Job without its pod is a crash', job({ end: { reason: 'BackoffLimitExceeded', message: '' } }), undefined, { is: 'ended', kind: 'crashed' }],
  ['a pod deleted during its work is deleted', job(), pod({ deletedAt: 5, containers: { checkout: ended(0), agent: running } }), { is: 'deleted' }],
  ['a deleted pod whose agent stopped is deleted', job(), pod({ deletedAt: 5, containers: { checkout: ended(0), agent: ended(143) } }), { is: 'deleted' }],

  [
    'a pod without a node is stuck',
    job(),
    pod({ phase: 'Pending', unschedulable: '0/1 nodes are available: 1 Insufficient memory.' }),
    { is: 'stuck', kind: 'unschedulable', reason: expect.stringContaining('Insufficient memory') },
  ],
  [
    'a pod whose image cannot be pulled is stuck',
    job(),
    pod({ phase: 'Pending', containers: { checkout: waiting('ImagePullBackOff', 'Back-off pulling image') } }),
    { is: 'stuck', kind: 'image' },
  ],
  [
    'a pod with an invalid image name has ended',
    job(),
    pod({ phase: 'Pending', containers: { checkout: waiting('InvalidImageName') } }),
    { is: 'ended', kind: 'image' },
  ],
  [
    'a pod whose container the node cannot create is stuck',
    job(),
    pod({ phase: 'Pending', containers: { checkout: waiting('CreateContainerConfigError', 'secret not found') } }),
    { is: 'stuck', kind: 'crashed', reason: expect.stringContaining('secret not found') },
  ],
])('%s', (_, job, pod, expected) => {
  expect(classifyPod(job, pod)).toMatchObject(expected as object)
})

test.each([
  ['an event shows that the node is gone', ['Scheduled', 'TaintManagerEviction'], null, 'node does not answer'],
  ['a condition of newer clusters shows that the node is gone', [], 'DeletionByTaintManager', 'node does not answer'],
  ['an event shows a preemption', ['Preempted'], null, 'make room'],
  ['a condition shows an eviction through the API', [], 'EvictionByEvictionAPI', 'evicted'],
  ['a deletion without a known reason was by somebody else', ['Scheduled', 'Pulled', 'Killing'], null, 'Somebody else deleted'],
])('%s', (_, events, reason, message) => {
  expect(classifyDeletion(pod({ disruption: reason === null ? null : { reason, message: 'm' } }), events)).toMatchObject({
    kind: 'crashed',
    reason: expect.stringContaining(message),
  })
})
