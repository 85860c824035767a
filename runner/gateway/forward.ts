import type { Buffer } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { ModelPrice } from '#shared/model/model-prices.ts'
import type { Usage } from '#shared/model/task.ts'
import type { AttemptName } from './attempt-token.ts'
import type { Ledger } from './ledger.ts'
import type { Metered } from './meter.ts'
import { pipeline } from 'node:stream/promises'
import { costAtMost } from '#shared/model/model-prices.ts'
import { NO_USAGE } from '../job/no-usage.ts'
import { isErrno } from '../lib/is-errno.ts'
import { responseHeaders } from './forward-headers.ts'
import { createMeter } from './meter.ts'
import { lastEvent, REFUSALS, refuse, stopRefusal, unreachableModel } from './refusal.ts'
import { usageLimit } from './usage-limit.ts'

export interface Forwarding {
  request: IncomingMessage
  response: ServerResponse
  /** Sends the request to the model. */
  send: (signal: AbortSignal) => Promise<Dispatcher.ResponseData>
  attempt: AttemptName
  ledger: Ledger
  prices: Readonly<Record<string, ModelPrice>>
  now: () => number
}

/**
 * Forwards one request and passes its answer on chunk by chunk. The cost is charged during the stream, so that the
 * chunk that overruns a budget is the last one. The request ends with its client and with its attempt.
 */
export async function forward({ response, send, attempt, ledger, prices, now }: Forwarding): Promise<void> {
  const lifetime = ledger.lifetime(attempt)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const signal = AbortSignal.any([lifetime, gone.signal])

  const answer = await send(signal).catch((error: unknown) => {
    if (!gone.signal.aborted)
      refuse(response, lifetime.aborted ? REFUSALS.unknownToken : unreachableModel(describeError(error)))
    return null
  })
  if (!answer)
    return
  const limit = usageLimit(answer.statusCode, answer.headers, now())
  if (limit) {
    ledger.limited(limit)
    ledger.refused(attempt, limit)
  }
  response.writeHead(answer.statusCode, responseHeaders(answer.headers))
  // Otherwise Node would hold back the head of a stream until its first event.
  response.flushHeaders()
  try {
    const contentType = String(answer.headers['content-type'])
    await pipeline(answer.body, chunks => metered(chunks, contentType), response, { signal: lifetime })
  }
  catch {
    // One side was cut. The pipeline has closed the other one, so the client notices that the answer is incomplete.
  }

  async function* metered(chunks: AsyncIterable<Buffer>, contentType: string): AsyncGenerator<Buffer | string> {
    const meter = createMeter(contentType)
    let charged = NO_USAGE
    const charge = (): void => {
      const usage = usageOf(meter.read(), prices)
      ledger.charge(attempt, difference(usage, charged))
      charged = usage
    }
    try {
      for await (const chunk of chunks) {
        meter.push(chunk)
        charge()
        const attemptStatus = ledger.attemptStatus(attempt)
        // An answer whose cost is final goes through, because cutting it saves nothing; the next request is refused.
        if (attemptStatus.kind === 'stopped' && attemptStatus.stop.kind !== 'limit' && !meter.read().final) {
          ledger.refused(attempt, attemptStatus.stop)
          yield lastEvent(stopRefusal(attemptStatus.stop))
          return
        }
        yield chunk
      }
    }
    finally {
      meter.end()
      charge()
    }
  }
}

function usageOf({ model, use }: Metered, prices: Forwarding['prices']): Usage {
  return {
    costUsd: costAtMost(model, use, prices),
    inputTokens: use.inputTokens + use.cacheReadTokens + use.cacheWriteTokens + use.cacheWriteHourTokens,
    outputTokens: use.outputTokens,
  }
}

function difference(now: Usage, before: Usage): Usage {
  return {
    costUsd: now.costUsd - before.costUsd,
    inputTokens: now.inputTokens - before.inputTokens,
    outputTokens: now.outputTokens - before.outputTokens,
  }
}

function describeError(error: unknown): string {
  if (isErrno(error, 'ECONNREFUSED'))
    return 'it refuses the connection'
  return error instanceof Error ? error.message : String(error)
}
