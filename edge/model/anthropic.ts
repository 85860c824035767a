import type { Model, ModelUsage } from './model.ts'
import Anthropic from '@anthropic-ai/sdk'
import { anthropicFailure } from './anthropic-failure.ts'
import { readReply } from './anthropic-reply.ts'
import { anthropicRequest } from './anthropic-request.ts'
import { NO_USAGE } from './model.ts'

/**
 * A model may think for a minute or two before it writes (the SDK
 * keeps the pings in between to itself); after that nobody is there.
 */
const IDLE_TIMEOUT_MS = 180_000

export interface AnthropicDeps {
  apiKey: string
  baseURL: string | undefined
  /** The model's id. */
  model: string
  now: () => number
  idleTimeoutMs?: number
}

/** Claude over the Messages API. */
export function createAnthropicModel({
  apiKey,
  baseURL,
  model,
  now,
  idleTimeoutMs = IDLE_TIMEOUT_MS,
}: AnthropicDeps): Model {
  const client = new Anthropic({
    apiKey,
    authToken: null,
    // Waiting and trying again is the turn's part, where the person sees it and can stop it.
    maxRetries: 0,
    // The SDK would log the bodies of what it cannot parse.
    logLevel: 'off',
    ...(baseURL ? { baseURL } : {}),
  })

  return async function* (request, signal) {
    let usage: ModelUsage = NO_USAGE
    const idle = new AbortController()
    let timer = setTimeout(() => idle.abort(), idleTimeoutMs)
    const received = () => {
      clearTimeout(timer)
      timer = setTimeout(() => idle.abort(), idleTimeoutMs)
    }
    try {
      // Not the `messages.stream` helper: its iterator ends without an
      // error when the stream breaks while nobody waits for the next event.
      const stream = await client.messages.create(anthropicRequest(request, model), {
        signal: AbortSignal.any([signal, idle.signal]),
      })
      yield* readReply(stream, { received, counted: used => void (usage = used) })
    }
    catch (error) {
      yield signal.aborted
        ? { kind: 'end', stop: 'aborted', usage }
        : {
            kind: 'end',
            stop: 'error',
            failure: anthropicFailure(error, { now: now(), silent: idle.signal.aborted }),
            usage,
          }
    }
    finally {
      clearTimeout(timer)
    }
  }
}
