import type { NewToken, PairingOffer, PairingView } from '#shared/protocol/access.ts'
import type { PushSubscription } from '#shared/protocol/notifications.ts'
import * as z from 'zod'
import {
  deviceList,
  pairingClaimed,
  pairingFinished,
  pairingOffer,
  pairingView,
  tokenList,
  tokenMade,
} from '#shared/protocol/access.ts'
import { notificationsView } from '#shared/protocol/notifications.ts'

/** The edge refused a request (with its message), or it could not be reached. */
export class AccessError extends Error {
  override readonly name = 'AccessError'
}

const errorBody = z.object({ error: z.object({ message: z.string() }) })

/**
 * Requests for devices, tokens, pairing, notifications, export and erasure. They
 * need the edge at once, so they are no mutations. Each rejects with `AccessError`.
 */
export function createAccessApi(fetchFn: typeof fetch) {
  async function call<T>(method: string, path: string, answer: z.ZodType<T>, body?: unknown): Promise<T> {
    const response = await fetchFn(path, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new AccessError('mainloop cannot be reached. Check the connection and try again.', { cause })
    })
    const json: unknown = await response.json().catch(() => null)
    if (!response.ok) {
      const { message = `The other side answered with ${response.status}. Try again in a moment.` }
        = errorBody.safeParse(json).data?.error ?? {}
      throw new AccessError(message)
    }
    return answer.parse(json)
  }
  const done = z.object({})

  return {
    devices: () => call('GET', '/api/devices', deviceList),
    revokeDevice: (id: string) => call('DELETE', `/api/devices/${encodeURIComponent(id)}`, done),
    tokens: () => call('GET', '/api/tokens', tokenList),
    createToken: (wanted: NewToken) => call('POST', '/api/tokens', tokenMade, wanted),
    revokeToken: (id: string) => call('DELETE', `/api/tokens/${encodeURIComponent(id)}`, done),
    offerPairing: (): Promise<PairingOffer> => call('POST', '/api/pairings', pairingOffer),
    pairing: (id: string): Promise<PairingView> => call('GET', `/api/pairings/${encodeURIComponent(id)}`, pairingView),
    answerPairing: (id: string, accept: boolean): Promise<PairingView> =>
      call('POST', `/api/pairings/${encodeURIComponent(id)}/answer`, pairingView, { accept }),
    claimPairing: (code: string, name: string) => call('POST', '/api/pair/claim', pairingClaimed, { code, name }),
    finishPairing: (claim: string) => call('POST', '/api/pair/finish', pairingFinished, { claim }),
    notifications: () => call('GET', '/api/notifications', notificationsView),
    startNotifications: (subscription: PushSubscription) => call('POST', '/api/notifications', done, subscription),
    stopNotifications: () => call('DELETE', '/api/notifications', done),
    unpair: () => call('POST', '/api/unpair', done, {}),
    erase: () => call('POST', '/api/erase', done, { everything: true }),
  }
}

export type AccessApi = ReturnType<typeof createAccessApi>

export const accessApi = createAccessApi((...args) => fetch(...args))
