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

export interface SentDelivery {
  id: string
  event: string
  action: string | null
  /** What the other side answered; null when it could not be reached. */
  status: number | null
  answer: string
}

export interface Webhooks {
  /** Begins to deliver what happens in a repository, after a ping. */
  add: (repository: string, hook: Hook) => Promise<SentDelivery>
  /** Oldest first. */
  deliveries: readonly SentDelivery[]
  /** Settles when nothing is on its way. */
  delivered: () => Promise<void>
  close: () => Promise<void>
}

/** GitHub gives up after ten seconds. A slow machine that runs the edge and the tests too gets more. */
const TIMEOUT_MS = 300_000

/** A demo runs for hours. */
const MAX_KEPT = 5000

/** Webhooks as GitHub sends them: signed over the raw body, once, never again by itself, and nobody waits for them. */
export function createWebhooks(hub: Hub): Webhooks {
  const hooks = new Map<string, Hook[]>()
  const under = new Set<Promise<unknown>>()
  const deliveries: SentDelivery[] = []
  const stop = new AbortController()

  const unlisten = hub.listen(async (event) => {
    const listening = hooks.get(event.repository.fullName) ?? []
    if (listening.length === 0)
      return
    for (const payload of await payloadsOf(hub, event)) {
      for (const hook of listening)
        follow(deliver(hook, payload))
    }
  })

  function follow(delivery: Promise<unknown>): void {
    under.add(delivery)
    void delivery.finally(() => under.delete(delivery))
  }

  async function deliver({ url, secret }: Hook, payload: Payload): Promise<SentDelivery> {
    loadWebhookSchemas()(payload).forEach(hub.violation)
    const { event, action } = payload
    const body = JSON.stringify(payload.body)
    const id = randomUUID()
    const answer = await post(url, { id, event, signature: await sign(secret, body) }, body).catch((error: unknown) => ({
      status: null,
      answer: String(error),
    }))
    const sent = { id, event, action, ...answer }
    deliveries.push(sent)
    deliveries.splice(0, deliveries.length - MAX_KEPT)
    return sent
  }

  async function post(
    url: string,
    { id, event, signature }: { id: string, event: string, signature: string },
    body: string,
  ): Promise<Pick<SentDelivery, 'status' | 'answer'>> {
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
    return { status: response.status, answer: await response.text() }
  }

  return {
    deliveries,
    add: async (name, hook) => {
      const repository = must(findRepository(hub.state, name), `repository ${name}`)
      hooks.set(repository.fullName, [...hooks.get(repository.fullName) ?? [], hook])
      return deliver(hook, pingPayload(hub.links, repository))
    },
    delivered: async () => {
      while (under.size > 0)
        await Promise.all(under)
    },
    close: async () => {
      unlisten()
      stop.abort()
      await Promise.all(under)
    },
  }
}
