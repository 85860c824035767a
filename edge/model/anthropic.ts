import type { Model, ModelUsage } from './model.ts'
import Anthropic from '@anthropic-ai/sdk'
import { anthropicFailure } from './anthropic-failure.ts'
import { readReply } from './anthropic-reply.ts'
import { anthropicRequest } from './anthropic-request.ts'
import { NO_USAGE } from './model.ts'

/** A model may think for a minute or two before its first event (the SDK hides pings); longer silence is a failure. */
const IDLE_TIMEOUT_MS = 180_000

export interface AnthropicDeps {
  apiKey: string
  baseURL: string | undefined
  model: string
  now: () => number
  idleTimeoutMs?: number
}

/** The adapter of the Messages API. */
export function createAnthropicModel(deps: AnthropicDeps): Model {
  const { apiKey, baseURL, model, now, idleTimeoutMs = IDLE_TIMEOUT_MS } = deps
  const client = new Anthropic({
    apiKey,
    authToken: null,
    // The turn waits and retries, because there the person sees it and can stop it.
    maxRetries: 0,
    // The SDK would log bodies that it cannot parse.
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
      // Not the `messages.stream` helper: its iterator ends without an error
      // when the stream breaks while no consumer waits for the next event.
      const stream = await client.messages.create(anthropicRequest(request, model), {
        signal: AbortSignal.any([signal, idle.signal]),
      })
      yield* readReply(stream, { received, counted: used => void (usage = used) })
    }
    catch (error) {
      const failure = anthropicFailure(error, { now: now(), silent: idle.signal.aborted })
      yield signal.aborted ? { kind: 'end', stop: 'aborted', usage } : { kind: 'end', stop: 'error', failure, usage }
    }
    finally {
      clearTimeout(timer)
    }
  }
}
