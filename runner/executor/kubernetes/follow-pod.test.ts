import type { ClusterJob, ClusterPod, ContainerState } from './cluster.ts'
import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { NO_USAGE } from '../../job/no-usage.ts'
import { ClusterError } from './cluster.ts'
import { followPod } from './follow-pod.ts'

const ENDED: ContainerState = { kind: 'ended', code: 0, reason: 'Completed', message: '' }

const job: ClusterJob = {
  name: 'ml-abcdefghij-implement-1',
  uid: 'job',
  version: '1',
  labels: {},
  annotations: {},
  started: true,
  deleting: false,
  deadlineAt: null,
  end: 'complete',
}

const pod: ClusterPod = {
  name: `${job.name}-x`,
  uid: 'pod',
  job: job.name,
  jobUid: job.uid,
  createdAt: 1,
  phase: 'Succeeded',
  reason: '',
  message: '',
  deletedAt: null,
  unschedulable: null,
  disruption: null,
  containers: new Map(['checkout', 'agent', 'publish'].map(stage => [stage, ENDED])),
}

function follow(refusals: ClusterError[]) {
  return followPod({
    readJob: async () => {
      const refusal = refusals.shift()
      if (refusal)
        throw refusal
      return { job, pod, result: { outcome: 'unchanged', summary: 'Done.', usage: NO_USAGE } }
    },
    async* readLog(_, stage) {
      yield Buffer.from(`${JSON.stringify({ type: 'log', at: 1, kind: 'say', text: stage })}\n`)
    },
    wait: async () => {},
    now: () => 1,
  }, 1, 0, new AbortController().signal)
}

test('a server that forbids for a moment after its start does not end the log', async () => {
  const forbidden = [403, 401, 403].map(status => new ClusterError(status, 'pods is forbidden'))
  const texts: string[] = []
  for await (const { text } of follow(forbidden))
    texts.push(text)
  expect(texts).toEqual(['checkout', 'agent', 'publish'])
})

test('any other refusal ends the log', async () => {
  await expect(follow([new ClusterError(400, 'no such container')]).next()).rejects.toThrow('no such container')
})
