import type { KubeConfig } from '@kubernetes/client-node'
import type { Buffer } from 'node:buffer'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { get as getPlain } from 'node:http'
import { get } from 'node:https'
import { must } from '#shared/lib/must.ts'
import { ClusterError } from './cluster.ts'

/**
 * The client's own streams break the process when the connection
 * does, so logs and watches are read from the connection itself.
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
  if (response.statusCode !== 200)
    throw new ClusterError(response.statusCode ?? 0, `${url.pathname}: ${(await text(response)).slice(0, MAX_WORDS)}`)
  yield* response
}

/** Enough for the API server's reason. Characters. */
const MAX_WORDS = 1000

async function text(response: IncomingMessage): Promise<string> {
  let all = ''
  for await (const chunk of response.setEncoding('utf8'))
    all += String(chunk).slice(0, MAX_WORDS)
  return all
}
