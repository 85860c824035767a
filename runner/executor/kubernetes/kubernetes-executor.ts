import type { WorkerSettings } from '../../config/config.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import type { WorkerSecrets } from '../../job/stage-protocol.ts'
import type { Executor, Job } from '../executor.ts'
import type { Cluster, ClusterJob, ClusterPod } from './cluster.ts'
import type { JobSnapshot } from './follow-pod.ts'
import type { GracePeriods } from './result-finder.ts'
import { randomUUID } from 'node:crypto'
import { must } from '#shared/lib/must.ts'
import { jobSpec } from '../../job/job-spec.ts'
import { ClusterError } from './cluster.ts'
import { followPod } from './follow-pod.ts'
import { jobManifest } from './job-manifest.ts'
import { ANNOTATION, LABEL } from './labels.ts'
import { createPodWatch } from './pod-watch.ts'
import { createResultFinder, GRACE_PERIODS } from './result-finder.ts'
import { secretManifest } from './secret-manifest.ts'

export interface KubernetesExecutorOptions {
  cluster: Cluster
  worker: WorkerSettings
  /** Returns the credentials of the attempt's stages: the git token, and the model's address and key. */
  secrets: (spec: JobSpec) => Promise<WorkerSecrets>
  gracePeriods?: GracePeriods
  now?: () => number
}

/**
 * Runs workers as Jobs of a cluster. The Jobs are its only state. A Job counts once it is started, so a crash
 * between its creation and its start leaves nothing that runs, and the next `ensure` continues there.
 */
export function createKubernetesExecutor({
  cluster,
  worker,
  secrets,
  gracePeriods = GRACE_PERIODS,
  now = Date.now,
}: KubernetesExecutorOptions): Executor {
  const results = createResultFinder({ cluster, gracePeriods, now })
  const watch = createPodWatch(cluster)

  async function jobOf(job: ClusterJob, pods: readonly ClusterPod[]): Promise<Job> {
    const { task, attempt } = identityOf(job)
    return { name: job.name, task, attempt, result: await results.find(job, podsOf(job, pods)) }
  }

  async function readJob(name: string): Promise<JobSnapshot> {
    const [job, pods] = await Promise.all([cluster.getJob(name), cluster.listPods(name)])
    if (!isStarted(job))
      return null
    const [pod] = podsOf(job, pods)
    return { job, pod, result: await results.find(job, podsOf(job, pods)) }
  }

  return {
    kind: 'kubernetes',

    async ensure(input) {
      const spec = jobSpec.parse(input)
      const job = await makeJob(spec)
      if (job.started || ANNOTATION.result in job.annotations)
        return
      const secret = must(job.annotations[ANNOTATION.secret], 'the Secret\'s name on a Job of ours')
      try {
        await cluster.createSecret(secretManifest(secret, job, spec, await secrets(spec)))
      }
      catch (error) {
        // Another runner, or this one before a crash, has created the Secret.
        if (!isTaken(error))
          throw error
      }
      await cluster.patchJob(job.name, null, { parallelism: 1 })
    },

    async list() {
      const [jobs, pods] = await Promise.all([cluster.listJobs(), cluster.listPods()])
      results.keep(jobs)
      return Promise.all(jobs.filter(isStarted).map(job => jobOf(job, pods)))
    },

    async* follow(name, after, signal) {
      const job = await cluster.getJob(name)
      if (!isStarted(job))
        return
      const changes = watch.subscribe(name)
      try {
        yield* followPod(
          { readLog: cluster.readLog, readJob: () => readJob(name), wait: changes.wait, now },
          identityOf(job).attempt,
          after,
          signal,
        )
      }
      finally {
        changes.close()
      }
    },

    remove: name => cluster.deleteJob(jobSpec.shape.name.parse(name)),
  }

  async function makeJob(spec: JobSpec): Promise<ClusterJob> {
    try {
      return await cluster.createJob(jobManifest(spec, worker, `${spec.name}-${randomUUID().slice(0, 8)}`))
    }
    catch (error) {
      if (!isTaken(error))
        throw error
      const job = await cluster.getJob(spec.name)
      if (job === null || job.deleting) {
        throw new Error(`The Job ${spec.name} is being removed; it can be made again when it is gone.`, {
          cause: error,
        })
      }
      return job
    }
  }
}

/** Excludes a Job that was created but never started, and one that is being deleted. */
function isStarted(job: ClusterJob | null): job is ClusterJob {
  return job !== null && !job.deleting && (job.started || ANNOTATION.result in job.annotations)
}

/** Returns the Job's pods, oldest first. */
function podsOf(job: ClusterJob, pods: readonly ClusterPod[]): ClusterPod[] {
  return pods.filter(({ jobUid }) => jobUid === job.uid).sort((a, b) => a.createdAt - b.createdAt)
}

function identityOf({ labels }: ClusterJob): Pick<Job, 'task' | 'attempt'> {
  return {
    task: jobSpec.shape.task.parse(labels[LABEL.task]),
    attempt: jobSpec.shape.attempt.parse(Number(labels[LABEL.attempt])),
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof ClusterError && error.status === 409
}
