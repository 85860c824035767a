import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { jobManifest, STAGES } from './job-manifest.ts'
import { secretManifest } from './secret-manifest.ts'

const spec = jobSpecOf({ deadlineSeconds: 60 })
const manifest = jobManifest(
  spec,
  { image: 'mainloop:1', imagePullPolicy: 'IfNotPresent', limits: { cpu: '2', memory: '4Gi', storage: '10Gi' }, requests: { cpu: '250m', memory: '1Gi' } },
  'the-secret',
)
const pod = manifest.spec.template.spec
const containers = [...pod.initContainers, ...pod.containers]
const of = (stage: string) => must(containers.find(({ name }) => name === stage), stage)
/** Path in the container → what is there, and whether it may be written. */
function mounts(stage: string) {
  return Object.fromEntries(of(stage).volumeMounts.map(({ mountPath, name, readOnly = false }) => [mountPath, `${name}${readOnly ? ' (read only)' : ''}`]))
}

test('the stages run one after the other, and what fails is not tried again by the cluster', () => {
  expect(pod.initContainers.map(({ name }) => name)).toEqual(['checkout', 'agent'])
  expect(pod.containers.map(({ name }) => name)).toEqual(['publish'])
  expect(manifest.spec).toMatchObject({ backoffLimit: 0, completions: 1, activeDeadlineSeconds: 960, ttlSecondsAfterFinished: 86_400 })
  expect(pod.restartPolicy).toBe('Never')
})

test('no pod is made before its Secret is there', () => {
  expect(manifest.spec.parallelism).toBe(0)
})

test.each([
  ['checkout', { '/run/mainloop': 'git-secrets (read only)', '/work': 'work', '/handover/checkout': 'checkout-handover' }],
  [
    'agent',
    {
      '/run/mainloop': 'model-secrets (read only)',
      '/work': 'work',
      '/handover/checkout': 'checkout-handover (read only)',
      '/handover/agent': 'agent-handover',
    },
  ],
  [
    'publish',
    {
      '/run/mainloop': 'publish-secrets (read only)',
      '/work': 'work (read only)',
      '/handover/checkout': 'checkout-handover (read only)',
      '/handover/agent': 'agent-handover (read only)',
    },
  ],
])('%s sees its own part and nothing else', (stage, expected) => {
  expect(mounts(stage)).toEqual({ ...expected, '/scratch': `${stage}-scratch`, '/tmp': `${stage}-tmp` })
})

test('the agent\'s part of the Secret holds no git token', () => {
  const parts = Object.fromEntries(pod.volumes.flatMap(volume => 'secret' in volume ? [[volume.name, volume.secret.items.map(({ key }) => key)]] : []))
  expect(parts).toEqual({
    'git-secrets': ['spec.json', 'checkout.json'],
    'model-secrets': ['spec.json', 'model.json'],
    'publish-secrets': ['spec.json', 'git.json', 'model.json'],
  })
})

test.each(STAGES)('%s is confined as the restricted profile asks, and has limits', (stage) => {
  expect(of(stage)).toMatchObject({
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
    resources: { limits: { 'cpu': expect.any(String), 'memory': expect.any(String), 'ephemeral-storage': expect.any(String) } },
  })
  expect(of(stage).env).toEqual([{ name: 'HOME', value: '/scratch/home' }])
})

test('the pod has no account in the cluster and shares nothing with its node', () => {
  expect(pod).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  })
  expect(Object.keys(pod).filter(key => key.startsWith('host') || key === 'shareProcessNamespace')).toEqual([])
  expect(pod.volumes.every(volume => 'emptyDir' in volume || 'secret' in volume)).toBe(true)
})

test('nothing secret is in the Job itself', () => {
  expect(JSON.stringify(manifest)).not.toContain(spec.prompt)
})

test('the Secret belongs to the Job, so it goes with it', () => {
  const secret = secretManifest('the-secret', { name: spec.name, uid: 'u' }, spec, {
    git: { serverUrl: 'https://github.com', token: 't' },
    model: { apiKey: 'k', oauthToken: null, baseUrl: null },
  })
  expect(secret.metadata.ownerReferences).toEqual([{ apiVersion: 'batch/v1', kind: 'Job', name: spec.name, uid: 'u' }])
  expect(secret.immutable).toBe(true)
})
