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
const containerOf = (stage: string) => must(containers.find(({ name }) => name === stage), stage)
/** Maps each path in the container to its volume and whether that is read-only. */
function mounts(stage: string) {
  const { volumeMounts } = containerOf(stage)
  return Object.fromEntries(volumeMounts.map(({ mountPath, name, readOnly = false }) => [mountPath, `${name}${readOnly ? ' (read only)' : ''}`]))
}

test('the stages run one after the other, and the cluster retries no failed one', () => {
  expect(pod.initContainers.map(({ name }) => name)).toEqual(['checkout', 'agent'])
  expect(pod.containers.map(({ name }) => name)).toEqual(['publish'])
  expect(manifest.spec).toMatchObject({ backoffLimit: 0, completions: 1, activeDeadlineSeconds: 960, ttlSecondsAfterFinished: 86_400 })
  expect(pod.restartPolicy).toBe('Never')
})

test('the Job is created without a pod, because its Secret comes later', () => {
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
])('the %s stage mounts its own part and nothing else', (stage, expected) => {
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

test.each(STAGES)('the %s stage meets the restricted profile and has limits', (stage) => {
  expect(containerOf(stage)).toMatchObject({
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
    resources: { limits: { 'cpu': expect.any(String), 'memory': expect.any(String), 'ephemeral-storage': expect.any(String) } },
  })
  expect(containerOf(stage).env).toEqual([{ name: 'HOME', value: '/scratch/home' }])
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

test('the Job itself contains no secret', () => {
  expect(JSON.stringify(manifest)).not.toContain(spec.prompt)
})

test('the Job owns the Secret, so both are removed together', () => {
  const secret = secretManifest('the-secret', { name: spec.name, uid: 'u' }, spec, {
    git: { serverUrl: 'https://github.com', token: 't' },
    model: { apiKey: 'k', oauthToken: null, baseUrl: null },
  })
  expect(secret.metadata.ownerReferences).toEqual([{ apiVersion: 'batch/v1', kind: 'Job', name: spec.name, uid: 'u' }])
  expect(secret.immutable).toBe(true)
})
