import type { WorkerSettings } from '../../config/config.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import { WORKER_PATHS } from '../../job/pod-paths.ts'
import { ANNOTATION, APP, LABEL } from './labels.ts'

/**
 * Finding a node, pulling the image and publishing have time beyond the
 * attempt's own. The stages keep to theirs; this ends what hangs. Seconds.
 */
const DEADLINE_MARGIN_S = 15 * 60

/** What the runner did not take away, for instance because it was uninstalled, the cluster does. Seconds. */
const KEPT_AFTER_END_S = 24 * 60 * 60

/** The agent has to stop Claude Code, which may take three seconds to say what a turn cost. Seconds. */
const TERMINATION_GRACE_S = 15

/** A node that does not answer may come back; a worker waits no longer for that. Seconds. */
const NODE_GRACE_S = 60

/** The user `node` of the image. */
const USER = 1000

/**
 * The Job of an attempt. It is made without pods (`parallelism: 0`) and given one when its Secret is there, so that
 * a runner that dies in between leaves nothing that runs, and nothing that holds a credential without an owner.
 */
export function jobManifest(spec: JobSpec, settings: WorkerSettings, secret: string) {
  const labels = {
    [LABEL.app]: APP,
    [LABEL.job]: spec.name,
    [LABEL.task]: spec.task,
    [LABEL.attempt]: String(spec.attempt),
  }
  const { image, imagePullPolicy, limits, requests } = settings
  const container = (name: string, resources: typeof SMALL, mounts: Mount[]) => ({
    name,
    image,
    imagePullPolicy,
    args: ['worker', 'pod', name],
    env: [{ name: 'HOME', value: WORKER_PATHS.home }],
    securityContext: CONFINED,
    resources,
    volumeMounts: [
      ...mounts,
      { name: `${name}-scratch`, mountPath: WORKER_PATHS.scratch },
      { name: `${name}-tmp`, mountPath: '/tmp' },
    ],
  })
  const agent = {
    limits: { 'cpu': limits.cpu, 'memory': limits.memory, 'ephemeral-storage': limits.storage },
    requests: { ...SMALL.requests, ...requests },
  }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: spec.name, labels, annotations: { [ANNOTATION.secret]: secret } },
    spec: {
      parallelism: 0,
      completions: 1,
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(spec.deadlineSeconds) + DEADLINE_MARGIN_S,
      ttlSecondsAfterFinished: KEPT_AFTER_END_S,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: TERMINATION_GRACE_S,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          tolerations: ['not-ready', 'unreachable'].map(taint => ({
            key: `node.kubernetes.io/${taint}`,
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: NODE_GRACE_S,
          })),
          initContainers: [
            container('checkout', SMALL, [WORK, secrets('git'), handover('checkout')]),
            // The only one that runs what a repository brings: it sees neither
            // the git token nor anything another stage trusts, except to read.
            container('agent', agent, [WORK, secrets('model'), readOnly(handover('checkout')), handover('agent')]),
          ],
          containers: [
            container('publish', SMALL, [
              readOnly(WORK),
              secrets('publish'),
              readOnly(handover('checkout')),
              readOnly(handover('agent')),
            ]),
          ],
          volumes: [
            { name: 'work', emptyDir: { sizeLimit: limits.storage } },
            ...['checkout', 'agent'].map(name => ({ name: `${name}-handover`, emptyDir: { sizeLimit: '16Mi' } })),
            ...STAGES.flatMap(name =>
              [`${name}-scratch`, `${name}-tmp`].map(volume => ({
                name: volume,
                emptyDir: { sizeLimit: limits.storage },
              })),
            ),
            // One Secret, of which each stage is shown its part;
            // checkout's access to git is called like that of publish.
            secretPart(secret, 'git', ['spec.json', 'checkout.json']),
            secretPart(secret, 'model', ['spec.json', 'model.json']),
            secretPart(secret, 'publish', ['spec.json', 'git.json', 'model.json']),
          ],
        },
      },
    },
  }
}

export type JobManifest = ReturnType<typeof jobManifest>

/** The containers, in the order they run. */
export const STAGES = ['checkout', 'agent', 'publish'] as const

interface Mount { name: string, mountPath: string, readOnly?: boolean }

const WORK: Mount = { name: 'work', mountPath: WORKER_PATHS.work }

function handover(stage: 'checkout' | 'agent'): Mount {
  return { name: `${stage}-handover`, mountPath: WORKER_PATHS.handover[stage] }
}

function secrets(part: string): Mount {
  return { name: `${part}-secrets`, mountPath: WORKER_PATHS.secrets, readOnly: true }
}

function readOnly(mount: Mount): Mount {
  return { ...mount, readOnly: true }
}

function secretPart(secretName: string, part: string, files: readonly string[]) {
  return {
    name: `${part}-secrets`,
    secret: {
      secretName,
      defaultMode: 0o440,
      items: files.map(key => ({ key, path: key === 'checkout.json' ? 'git.json' : key })),
    },
  }
}

const CONFINED = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
}

/** Git on a large repository; requests are what a busy small cluster can always spare. */
const SMALL = {
  limits: { 'cpu': '1', 'memory': '1Gi', 'ephemeral-storage': '8Gi' },
  requests: { 'cpu': '100m', 'memory': '256Mi', 'ephemeral-storage': '64Mi' },
}
