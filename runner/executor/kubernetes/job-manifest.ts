import type { WorkerSettings } from '../../config/config.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import { WORKER_PATHS } from '../../job/pod-paths.ts'
import { ANNOTATION, APP, LABEL } from './labels.ts'

/**
 * Seconds for finding a node, pulling the image and publishing, beyond the attempt's own deadline. The stages
 * keep to that deadline themselves; the Job's ends a worker that hangs.
 */
const DEADLINE_MARGIN_S = 15 * 60

/** The cluster removes an ended Job after these seconds when no runner did, for instance after an uninstallation. */
const KEPT_AFTER_END_S = 24 * 60 * 60

/** Seconds: the agent stage has to stop Claude Code, which may need three to report the cost of a turn. */
const TERMINATION_GRACE_S = 15

/** Seconds that a worker waits for an unresponsive node to come back. */
const NODE_GRACE_S = 60

/** The user `node` of the image. */
const USER = 1000

/**
 * The Job of an attempt. It is created without pods (`parallelism: 0`) and started once its Secret exists, so that
 * a runner that dies in between leaves no running pod and no Secret without an owner.
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
            // The only stage that runs code of the repository: it does not get the git token, and it can only
            // read the files that another stage trusts.
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
            // All parts come from one Secret. The checkout stage gets its own access to git under the same file name.
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

/** The names of the containers, in the order in which they run. */
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

/** The limits suffice for git on a large repository; a busy small cluster can spare the requests. */
const SMALL = {
  limits: { 'cpu': '1', 'memory': '1Gi', 'ephemeral-storage': '8Gi' },
  requests: { 'cpu': '100m', 'memory': '256Mi', 'ephemeral-storage': '64Mi' },
}
