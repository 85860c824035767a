import type { Hub } from '../hub.ts'
import type { Payload } from './payloads.ts'
import { randomUUID } from 'node:crypto'
import { sign } from '@octokit/webhooks-methods'
import { must } from '#shared/lib/must.ts'
import { findRepository } from '../state.ts'
import { payloadsOf, pingPayload } from './payloads.ts'
import { loadWebhookSchemas } from './validate-payload.ts'

export interface Hook {
  url: string
  secret: string
}

interface DeliveryRequest { id: string, event: string, signature: string, body: string }

export interface SentDelivery {
  id: string
  event: string
  action: string | null
  /** The status of the response; null when the request failed. */
  status: number | null
  /** The body of the response, or the error. */
  response: string
}

export interface Webhooks {
  /** Begins to deliver the events of a repository, after a ping; returns the delivery of the ping. */
  add: (repository: string, hook: Hook) => Promise<SentDelivery>
  /** Oldest first. */
  deliveries: readonly SentDelivery[]
  /** Resolves when no delivery is in progress. */
  delivered: () => Promise<void>
  close: () => Promise<void>
}

/** GitHub waits ten seconds; a slow machine that also runs the edge and the tests needs more. */
const TIMEOUT_MS = 300_000

/** Deliveries kept; a demo runs for hours. */
const MAX_KEPT = 5000

/** Webhooks as GitHub sends them: signed over the raw body, never repeated, and without delaying the event. */
export function createWebhooks(hub: Hub): Webhooks {
  const hooks = new Map<string, Hook[]>()
  const pending = new Set<Promise<unknown>>()
  const deliveries: SentDelivery[] = []
  const stop = new AbortController()

  const unlisten = hub.listen(async (event) => {
    const listening = hooks.get(event.repository.fullName) ?? []
    if (listening.length === 0)
      return
    for (const payload of await payloadsOf(hub, event)) {
      for (const hook of listening)
        track(deliver(hook, payload))
    }
  })

  function track(delivery: Promise<unknown>): void {
    pending.add(delivery)
    void delivery.finally(() => pending.delete(delivery))
  }

  async function deliver({ url, secret }: Hook, payload: Payload): Promise<SentDelivery> {
    loadWebhookSchemas()(payload).forEach(hub.violation)
    const { event, action } = payload
    const body = JSON.stringify(payload.body)
    const id = randomUUID()
    const outcome = await post(url, { id, event, signature: await sign(secret, body), body })
      .catch((error: unknown) => ({ status: null, response: String(error) }))
    const sent = { id, event, action, ...outcome }
    deliveries.push(sent)
    deliveries.splice(0, deliveries.length - MAX_KEPT)
    return sent
  }

  async function post(url: string, { id, event, signature, body }: DeliveryRequest): Promise<Pick<SentDelivery, 'status' | 'response'>> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'accept': '*/*',
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/fake',
        'x-github-delivery': id,
        'x-github-event': event,
        'x-github-hook-id': '1',
        'x-github-hook-installation-target-id': '1',
        'x-github-hook-installation-target-type': 'repository',
        'x-hub-signature-256': signature,
      },
      body,
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    return { status: response.status, response: await response.text() }
  }

  return {
    deliveries,
    add: async (name, hook) => {
      const repository = must(findRepository(hub.state, name), `repository ${name}`)
      hooks.set(repository.fullName, [...hooks.get(repository.fullName) ?? [], hook])
      return deliver(hook, pingPayload(hub.links, repository))
    },
    delivered: async () => {
      while (pending.size > 0)
        await Promise.all(pending)
    },
    close: async () => {
      unlisten()
      stop.abort()
      await Promise.all(pending)
    },
  }
}
