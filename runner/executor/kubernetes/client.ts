import type { RequestContext, ResponseContext } from '@kubernetes/client-node'
import type { Cluster } from './cluster.ts'
import {
  ApiException,
  BatchV1Api,
  CoreV1Api,
  createConfiguration,
  KubeConfig,
  PatchStrategy,
  ServerConfiguration,
  setHeaderOptions,
} from '@kubernetes/client-node'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { splitLines } from '../../lib/split-lines.ts'
import { ClusterError } from './cluster.ts'
import { toClusterJob, toClusterPod } from './from-api.ts'
import { APP, LABEL } from './labels.ts'
import { stream } from './stream.ts'

/** A busy API server answers in seconds; a slower one counts as unreachable, and the next pass tries again. */
const REQUEST_TIMEOUT_MS = 15_000

/** The server ends a watch after these seconds, so that a connection that died unnoticed is replaced. */
const WATCH_S = 240

/** The event of a pod with all its statuses is far smaller. */
const MAX_EVENT_BYTES = 4_000_000

/** Implements `Cluster` with `@kubernetes/client-node`, whose types and errors do not leave this file. */
export function createCluster({ kubeconfig, namespace }: {
  /** null for $KUBECONFIG, ~/.kube/config, or the service account of the runner's pod. */
  kubeconfig: string | null
  namespace: string
}): Cluster {
  const config = new KubeConfig()
  if (kubeconfig === null)
    config.loadFromDefault()
  else
    config.loadFromFile(kubeconfig)
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(must(config.getCurrentCluster(), 'a cluster in the kubeconfig').server, {}),
    authMethods: { default: config },
    promiseMiddleware: [{ pre: withTimeout, post: unchanged }],
  })
  const [batch, core] = [new BatchV1Api(configuration), new CoreV1Api(configuration)]
  const ownLabel = `${LABEL.app}=${APP}`

  return {
    createJob: manifest =>
      call(async () => toClusterJob(await batch.createNamespacedJob({ namespace, body: manifest }))),
    getJob: name =>
      call(async () => toClusterJob(await batch.readNamespacedJob({ namespace, name }))).catch(nullIfMissing),
    listJobs: () =>
      call(async () => (await batch.listNamespacedJob({ namespace, labelSelector: ownLabel })).items.map(toClusterJob)),
    patchJob: (name, version, { parallelism, annotations }) =>
      call(async () => {
        const body = {
          metadata: { ...(version !== null && { resourceVersion: version }), ...(annotations && { annotations }) },
          ...(parallelism !== undefined && { spec: { parallelism } }),
        }
        await batch.patchNamespacedJob(
          { namespace, name, body },
          setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
        )
      }),
    deleteJob: name =>
      call(async () => {
        // The cluster removes the Job's pods and its Secret, because the Job owns them.
        await batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' })
      })
        .then(() => {}, nullIfMissing)
        .then(() => {}),
    createSecret: manifest =>
      call(async () => {
        await core.createNamespacedSecret({ namespace, body: manifest })
      }),
    listPods: job =>
      call(async () => {
        const labelSelector = job === undefined ? ownLabel : `${LABEL.job}=${job}`
        const { items } = await core.listNamespacedPod({ namespace, labelSelector })
        return items.map(toClusterPod)
      }),
    podEvents: ({ name }) =>
      call(async () => {
        // Selected by name, which is never reused: the node controller's events carry no uid.
        const { items } = await core.listNamespacedEvent({
          namespace,
          fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}`,
        })
        return items.flatMap(({ reason }) => reason ?? [])
      }),
    readLog: (pod, container, { follow, tailLines }, signal) =>
      stream(
        config,
        `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        { container, follow: String(follow), ...(tailLines !== undefined && { tailLines: String(tailLines) }) },
        signal,
      ),
    watchPods: signal => watchPods(config, { namespace, labelSelector: ownLabel, signal }),
  }
}

/**
 * A watch without a start version begins with all existing pods, so nothing is missed between two watches,
 * and the start version can never be too old (410).
 */
async function* watchPods(
  config: KubeConfig,
  { namespace, labelSelector, signal }: { namespace: string, labelSelector: string, signal: AbortSignal },
): AsyncGenerator<string> {
  const lines = splitLines(MAX_EVENT_BYTES)
  const query = { watch: 'true', labelSelector, timeoutSeconds: String(WATCH_S) }
  for await (const bytes of stream(config, `/api/v1/namespaces/${namespace}/pods`, query, signal)) {
    for (const line of lines.push(bytes)) {
      const { type, object } = watchEvent.parse(JSON.parse(line))
      const job = object.metadata?.labels?.[LABEL.job]
      if (type === 'ERROR')
        throw new ClusterError(object.code ?? 0, object.message ?? 'the watch broke')
      if (job !== undefined)
        yield job
    }
  }
}

const watchEvent = z.object({
  type: z.string(),
  object: z.object({
    metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }).optional(),
    code: z.number().optional(),
    message: z.string().optional(),
  }),
})

async function withTimeout(context: RequestContext): Promise<RequestContext> {
  context.setSignal(AbortSignal.timeout(REQUEST_TIMEOUT_MS))
  return context
}

async function unchanged(context: ResponseContext): Promise<ResponseContext> {
  return context
}

async function call<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  }
  catch (error) {
    if (error instanceof ApiException)
      throw new ClusterError(error.code, statusMessage(error.body) ?? error.message)
    throw error
  }
}

/** The message of the API server's Status object, which the client returns parsed or as text. */
function statusMessage(body: unknown): string | undefined {
  const parsed = z.object({ message: z.string() }).safeParse(typeof body === 'string' ? jsonOf(body) : body)
  return parsed.data?.message
}

function jsonOf(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : null
}

function nullIfMissing(error: unknown): null {
  if (error instanceof ClusterError && error.status === 404)
    return null
  throw error
}
