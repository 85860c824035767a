import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { ModelPrice } from '#shared/model/model-prices.ts'
import type { AttemptName, AttemptTokens } from './attempt-token.ts'
import type { Credential } from './forward-headers.ts'
import type { Ledger } from './ledger.ts'
import type { Refusal } from './refusal.ts'
import { createServer } from 'node:http'
import { EnvHttpProxyAgent } from 'undici'
import { unreachable } from '#shared/lib/unreachable.ts'
import { readToken, requestHeaders } from './forward-headers.ts'
import { forward } from './forward.ts'
import { REFUSALS, refuse, stopRefusal } from './refusal.ts'

export interface GatewayOptions {
  /** The address of the Messages API, without a slash at the end. */
  upstream: string
  credential: Credential
  prices: Readonly<Record<string, ModelPrice>>
  tokens: AttemptTokens
  ledger: Ledger
  now: () => number
  /** Logs a failure that the code should have prevented; the request is lost. */
  bug: (error: unknown) => void
}

/** Claude Code needs no other paths; files, batches and administration are not for a worker. */
const PATHS = new Set(['/v1/messages', '/v1/messages/count_tokens'])

/** The path of the cluster's liveness probe. */
const HEALTH = '/healthz'

/** The limit of the Messages API. */
const MAX_REQUEST_BYTES = 32_000_000

/** Sub-agents send requests at the same time; each one can overrun the budget by the cost of its input. */
const MAX_UNDER_WAY = 8

/** A thinking model can send nothing for minutes. */
const IDLE_TIMEOUT_MS = 15 * 60_000

/**
 * The proxy between the workers and the Messages API. It accepts only attempts that are under way, each with its own
 * token, as long as their budget lasts, and replaces the token with the real credential.
 */
export function createGateway({ upstream, credential, prices, tokens, ledger, now, bug }: GatewayOptions): Server {
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: IDLE_TIMEOUT_MS, bodyTimeout: IDLE_TIMEOUT_MS })
  const { origin, pathname } = new URL(upstream)
  const underWay = new Map<string, number>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = URL.parse(request.url ?? '/', 'http://gateway')
    if (target === null)
      return refuse(response, REFUSALS.noSuchPath)
    const { pathname: path, search } = target
    if (path === HEALTH && request.method === 'GET')
      return void response.writeHead(204).end()
    const attempt = tokens.read(readToken(request.headers))
    const headers = requestHeaders(request.headers, credential)
    const refusal = attempt === null ? REFUSALS.unknownToken : refusalOf(attempt, path, request)
    if (attempt === null || refusal !== null)
      return refuse(response, refusal ?? REFUSALS.unknownToken)
    if (headers === null)
      return refuse(response, REFUSALS.noCredential)

    const key = `${attempt.task}/${attempt.attempt}`
    const others = underWay.get(key) ?? 0
    if (others >= MAX_UNDER_WAY)
      return refuse(response, REFUSALS.tooMany)
    underWay.set(key, others + 1)
    try {
      await forward({
        request,
        response,
        send: signal =>
          dispatcher.request({
            origin,
            path: `${pathname.replace(/\/$/, '')}${path}${search}`,
            method: 'POST',
            headers,
            body: request,
            signal,
          }),
        attempt,
        ledger,
        prices,
        now,
      })
    }
    finally {
      const left = (underWay.get(key) ?? 1) - 1
      if (left > 0)
        underWay.set(key, left)
      else
        underWay.delete(key)
    }
  }

  function refusalOf(attempt: AttemptName, path: string, { method, headers }: IncomingMessage): Refusal | null {
    if (method !== 'POST' || !PATHS.has(path))
      return REFUSALS.noSuchPath
    const length = Number(headers['content-length'])
    if (!(length <= MAX_REQUEST_BYTES))
      return REFUSALS.tooLarge
    const attemptStatus = ledger.attemptStatus(attempt)
    switch (attemptStatus.kind) {
      case 'open':
        return null
      case 'unknown':
        return REFUSALS.notReady
      case 'over':
        return REFUSALS.unknownToken
      case 'stopped':
        ledger.refused(attempt, attemptStatus.stop)
        return stopRefusal(attemptStatus.stop)
      default:
        return unreachable(attemptStatus)
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The client may be foreign code, so it gets no details of the failure.
      response.destroy()
      bug(error)
    })
  })
  server.on('close', () => void dispatcher.close())
  return server
}
