import type { Buffer } from 'node:buffer'
import type { JobManifest } from './job-manifest.ts'
import type { SecretManifest } from './secret-manifest.ts'

/** The fields of a Job that the executor reads. Times are by the cluster's clock, in ms since the epoch. */
export interface ClusterJob {
  name: string
  uid: string
  /** The resourceVersion: a write that names an old one is refused. */
  version: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** `parallelism` is above 0, so the cluster creates its pod. */
  started: boolean
  deleting: boolean
  /** The end of its activeDeadlineSeconds; null before the first pod. */
  deadlineAt: number | null
  /** null while it runs. */
  end: 'complete' | { reason: string, message: string } | null
}

export type ContainerState
  = | { kind: 'waiting', reason: string, message: string }
    | { kind: 'running' }
    | { kind: 'ended', code: number, reason: string, message: string }

export interface ClusterPod {
  name: string
  uid: string
  job: string
  /** A Job's name can be reused while the pod of the removed Job is still ending. */
  jobUid: string
  createdAt: number
  phase: string
  /** The reason why the whole pod failed, such as `Evicted`; otherwise empty. */
  reason: string
  message: string
  /** The deletionTimestamp; null for a pod that nobody deleted. */
  deletedAt: number | null
  /** The scheduler's reason why no node takes it, or null. */
  unschedulable: string | null
  /** The DisruptionTarget condition, with which newer clusters mark a pod that they end themselves; or null. */
  disruption: { reason: string, message: string } | null
  /** Keyed by the container's name. */
  containers: ReadonlyMap<string, ContainerState>
}

/** An error answer of the API server. Any other error of a call means that the server cannot be reached. */
export class ClusterError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ClusterError'
    this.status = status
  }
}

/** One namespace of one cluster, with only the calls that the executor needs, so that its Role can be as small. */
export interface Cluster {
  /** Rejects with status 409 when the name is taken. */
  createJob: (manifest: JobManifest) => Promise<ClusterJob>
  getJob: (name: string) => Promise<ClusterJob | null>
  listJobs: () => Promise<ClusterJob[]>
  /** Rejects with status 409 when the Job is no longer at `version`; null patches any version. */
  patchJob: (
    name: string,
    version: string | null,
    change: { parallelism?: number, annotations?: Record<string, string> },
  ) => Promise<void>
  /** Deletes the Job with its pods and its Secret. Deleting an unknown Job succeeds. */
  deleteJob: (name: string) => Promise<void>
  createSecret: (manifest: SecretManifest) => Promise<void>
  /** Lists the pods of all Jobs of mainloop, or of one. */
  listPods: (job?: string) => Promise<ClusterPod[]>
  /** The reasons of the pod's events, newest last. */
  podEvents: (pod: ClusterPod) => Promise<string[]>
  /** Reads a container's output from its first line; `follow` goes on until the container ends. */
  readLog: (
    pod: string,
    container: string,
    options: { follow: boolean, tailLines?: number },
    signal: AbortSignal,
  ) => AsyncIterable<Buffer>
  /** Yields the Job of every existing pod, then of every pod that changes; the server ends it every few minutes. */
  watchPods: (signal: AbortSignal) => AsyncIterable<string>
}
