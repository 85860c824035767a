import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { pairingAnswer, pairingClaim, pairingFinish } from '#shared/protocol/access.ts'
import { addressOf } from '../auth/client-address.ts'
import { pairingRegistryOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseBody } from '../http/parse-body.ts'
import { admitDevice } from './device-routes.ts'

/** Opens an invitation: a device or a runner may invite another device of the same person. */
export async function offerPairing(c: Context<DeviceEnv>): Promise<Response> {
  const offered = await pairingRegistryOf(c.env).offer(c.var.identity.person)
  if (!offered.ok)
    throw new EdgeError('too-many-attempts', 'Several codes are open already. Use one of them, or wait ten minutes.')
  return c.json(offered.offer)
}

export async function viewPairing(c: Context<DeviceEnv>): Promise<Response> {
  return c.json(await pairingRegistryOf(c.env).view(c.var.identity.person, c.req.param('id') ?? ''))
}

export async function answerPairing(c: Context<DeviceEnv>): Promise<Response> {
  const { accept } = await parseBody(c, pairingAnswer)
  return c.json(await pairingRegistryOf(c.env).answer(c.var.identity.person, c.req.param('id') ?? '', accept))
}

/** Claims an invitation for a new device, by the code. */
export async function claimPairing(c: Context<DeviceEnv>): Promise<Response> {
  const { code, name } = await parseBody(c, pairingClaim)
  const claimed = await pairingRegistryOf(c.env).claim({ code, name, address: addressOf(c) })
  if (!claimed.ok)
    throw refusal(claimed.kind)
  return c.json({ claim: claimed.claim, phrase: claimed.phrase })
}

/** Pairs the device that claimed the invitation, once the person has accepted it. */
export async function finishPairing(c: Context<DeviceEnv>): Promise<Response> {
  const { claim } = await parseBody(c, pairingFinish)
  const finished = await pairingRegistryOf(c.env).finish({ claim, address: addressOf(c) })
  if (!finished.ok)
    throw refusal(finished.kind)
  if (finished.state === 'paired')
    await admitDevice(c, finished.person, finished.name)
  return c.json({ state: finished.state })
}

function refusal(kind: 'wrong' | 'locked'): EdgeError {
  return kind === 'locked'
    ? new EdgeError('too-many-attempts', 'Too many wrong secrets and codes. Try again in 10 minutes.')
    : new EdgeError(
        'unauthorized',
        'This code does not work. A code is good for ten minutes and one device; get a new one.',
      )
}
