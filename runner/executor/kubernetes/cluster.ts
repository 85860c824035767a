import type { Buffer } from 'node:buffer'
import type { JobManifest } from './job-manifest.ts'
import type { SecretManifest } from './secret-manifest.ts'

/** What of a Job the executor reads; times are the cluster's, ms since the epoch. */
export interface ClusterJob {
  name: string
  uid: string
  /** Changes with every change; a write that names an old one is refused. */
  version: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** Pods may be made for it: it was started. */
  started: boolean
  deleting: boolean
  /** When its deadline passes; null before the first pod. */
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
  /** Names are used again: the pod of a Job that was removed may still be ending. */
  jobUid: string
  createdAt: number
  phase: string
  /** Why the whole pod failed, `Evicted` for one; empty otherwise. */
  reason: string
  message: string
  /** When it was told to end; null when it was not. */
  deletedAt: number | null
  /** Why no node takes it; null when one did or may. */
  unschedulable: string | null
  /** What newer clusters say about a pod they end themselves; null when nobody did. */
  disruption: { reason: string, message: string } | null
  /** By name. */
  containers: ReadonlyMap<string, ContainerState>
}

/** The API server refused or has no such thing. Whatever else a call rejects with means that it cannot be reached. */
export class ClusterError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ClusterError'
    this.status = status
  }
}

/** One namespace of one cluster: only what the executor needs, so that it can be granted no more. */
export interface Cluster {
  /** Rejects with status 409 when the name is taken. */
  createJob: (manifest: JobManifest) => Promise<ClusterJob>
  getJob: (name: string) => Promise<ClusterJob | null>
  listJobs: () => Promise<ClusterJob[]>
  /** Rejects with status 409 when the Job is not at `version` any more; null: whatever its version. */
  patchJob: (
    name: string,
    version: string | null,
    change: { parallelism?: number, annotations?: Record<string, string> },
  ) => Promise<void>
  /** With its pods and what it owns; success when it is not there. */
  deleteJob: (name: string) => Promise<void>
  createSecret: (manifest: SecretManifest) => Promise<void>
  /** All pods of ours, or those of one Job. */
  listPods: (job?: string) => Promise<ClusterPod[]>
  /** Why somebody made the pod end, newest last: the reasons of its events. */
  podEvents: (pod: ClusterPod) => Promise<string[]>
  /** What a container printed, from its first line; `follow` goes on until it ends. */
  readLog: (
    pod: string,
    container: string,
    options: { follow: boolean, tailLines?: number },
    signal: AbortSignal,
  ) => AsyncIterable<Buffer>
  /**
   * The Job of every pod that changes, first of all pods there are;
   * ends when the server ends it, as it does every few minutes.
   */
  watchPods: (signal: AbortSignal) => AsyncIterable<string>
}
