import type { KubeConfig } from '@kubernetes/client-node'
import type { Buffer } from 'node:buffer'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { get as getPlain } from 'node:http'
import { get } from 'node:https'
import { must } from '#shared/lib/must.ts'
import { ClusterError } from './cluster.ts'

/**
 * Reads a log or a watch from the connection itself, because the client's own streams end the process when the
 * connection breaks. Throws a ClusterError for an answer other than 200.
 */
export async function* stream(
  config: KubeConfig,
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const url = new URL(
    `${must(config.getCurrentCluster(), 'a cluster in the kubeconfig').server}${path}?${new URLSearchParams(query)}`,
  )
  const options: RequestOptions = { signal }
  await config.applyToHTTPSOptions(options)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    ;(url.protocol === 'https:' ? get : getPlain)(url, options, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) {
    const reason = (await text(response)).slice(0, MAX_REASON_LENGTH)
    throw new ClusterError(response.statusCode ?? 0, `${url.pathname}: ${reason}`)
  }
  yield* response
}

/** Characters; enough for the API server's reason. */
const MAX_REASON_LENGTH = 1000

async function text(response: IncomingMessage): Promise<string> {
  let all = ''
  for await (const chunk of response.setEncoding('utf8'))
    all += String(chunk).slice(0, MAX_REASON_LENGTH)
  return all
}
