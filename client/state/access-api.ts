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

/** What the edge said no to, in its own words; or that it was not there to be asked. */
export class AccessError extends Error {
  override readonly name = 'AccessError'
}

const refusal = z.object({ error: z.object({ message: z.string() }) })

/**
 * Devices, tokens, pairing, notifications, export and erasure: what needs
 * the edge at once and makes no sense offline. Each throws `AccessError`.
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
      throw new AccessError(
        refusal.safeParse(json).data?.error.message
        ?? `The other side answered with ${response.status}. Try again in a moment.`,
      )
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
    startNotifications: (given: PushSubscription) => call('POST', '/api/notifications', done, given),
    stopNotifications: () => call('DELETE', '/api/notifications', done),
    unpair: () => call('POST', '/api/unpair', done, {}),
    erase: () => call('POST', '/api/erase', done, { everything: true }),
  }
}

export type AccessApi = ReturnType<typeof createAccessApi>

export const accessApi = createAccessApi((...args) => fetch(...args))
