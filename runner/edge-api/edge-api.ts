import type { NewToken } from '#shared/protocol/access.ts'
import type { TaskDecision } from '#shared/protocol/tasks.ts'
import * as z from 'zod'
import { pairingOffer, pairingView, tokenList, tokenMade } from '#shared/protocol/access.ts'
import { logPage } from '#shared/protocol/log.ts'
import { taskDecided, taskList } from '#shared/protocol/tasks.ts'

/** The edge refused a request, with the edge's own message, or could not be reached. */
export class EdgeRefusal extends Error {
  override readonly name = 'EdgeRefusal'
}

const refusal = z.object({ error: z.object({ message: z.string() }) })

export interface EdgeApiOptions {
  edge: string
  token: string
  ask: typeof fetch
}

/** The edge's HTTP interface for the commands of a person. Each call rejects with `EdgeRefusal`. */
export function createEdgeApi({ edge, token, ask }: EdgeApiOptions) {
  async function call<T>(method: string, path: string, answer: z.ZodType<T>, body?: unknown): Promise<T> {
    const response = await ask(`${edge}/runner/${path}`, {
      method,
      headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirect would carry the token elsewhere.
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw new EdgeRefusal(`${edge} cannot be reached.`, { cause })
    })
    const json: unknown = await response.json().catch(() => null)
    if (!response.ok)
      throw new EdgeRefusal(refusal.safeParse(json).data?.error.message ?? `${edge} answered with ${response.status}.`)
    return answer.parse(json)
  }

  return {
    offerPairing: () => call('POST', 'pairings', pairingOffer, {}),
    readPairing: (id: string) => call('GET', `pairings/${encodeURIComponent(id)}`, pairingView),
    answerPairing: (id: string, accept: boolean) =>
      call('POST', `pairings/${encodeURIComponent(id)}/answer`, pairingView, { accept }),
    tasks: () => call('GET', 'tasks', taskList),
    log: (id: string, attempt: number, after: number) =>
      call('GET', `tasks/${encodeURIComponent(id)}/log?attempt=${attempt}&after=${after}`, logPage),
    decide: (id: string, decision: TaskDecision) =>
      call('POST', `tasks/${encodeURIComponent(id)}/decide`, taskDecided, decision),
    tokens: () => call('GET', 'tokens', tokenList),
    createToken: (token: NewToken) => call('POST', 'tokens', tokenMade, token),
    revokeToken: (id: string) => call('DELETE', `tokens/${encodeURIComponent(id)}`, z.object({})),
  }
}

export type EdgeApi = ReturnType<typeof createEdgeApi>
