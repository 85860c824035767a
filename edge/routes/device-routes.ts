import type { Context } from 'hono'
import type { PersonId } from '../auth/person-id.ts'
import type { DeviceEnv } from './guard.ts'
import * as z from 'zod'
import { deviceName } from '#shared/protocol/access.ts'
import { addressOf } from '../auth/client-address.ts'
import { OWNER } from '../auth/person-id.ts'
import { hashToken, isSecret } from '../auth/secrets.ts'
import { clearSessionToken, readSessionToken, writeSessionToken } from '../auth/session-cookie.ts'
import { mintToken, nextToken, personOf } from '../auth/signed-token.ts'
import { mainloopOf, pairingRegistryOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseBody } from '../http/parse-body.ts'
import { RENEW_AFTER_MS } from '../members/devices.ts'

const pairBody = z.object({ secret: z.string().min(1, 'Enter the setup secret.').max(1000), name: deviceName })

/** Pairs this device by a setup secret, and gives it a token of its own. */
export async function pairDevice(c: Context<DeviceEnv>): Promise<Response> {
  const { secret, name } = await parseBody(c, pairBody)
  const person = (await isSecret(secret, c.env.SETUP_SECRET))
    ? OWNER
    : await personOf(c.env.SETUP_SECRET, 'setup', secret)
  const attempt = await pairingRegistryOf(c.env).attempt(addressOf(c), person !== null)
  if (attempt === 'locked')
    throw new EdgeError('too-many-attempts', 'Too many wrong secrets and codes. Try again in 10 minutes.')
  if (!person) {
    throw new EdgeError(
      'unauthorized',
      'This setup secret is not right. It is printed where mainloop was started or deployed.',
    )
  }
  return c.json(await admitDevice(c, person, name))
}

/** Makes this browser a device of the person, by the token in its cookie. */
export async function admitDevice(c: Context<DeviceEnv>, person: PersonId, name: string) {
  const token = await mintToken(c.env.SETUP_SECRET, 'device', person)
  const device = await mainloopOf(c.env, person).addDevice(name, await hashToken(token))
  writeSessionToken(c, token)
  return { person, device }
}

/** Describes this device. Renews its token when that is due, because every start of the page calls this route. */
export async function readSession(c: Context<DeviceEnv>): Promise<Response> {
  const { issuedAt, usesPreviousToken, isFirstUse, ...device } = c.var.device
  const { person, tokenHash } = c.var.identity
  if (usesPreviousToken || Date.now() - issuedAt > RENEW_AFTER_MS) {
    const token = await nextToken(c.env.SETUP_SECRET, 'device', person, readSessionToken(c) ?? '')
    if (await mainloopOf(c.env, person).renewDevice(device.id, { from: tokenHash, to: await hashToken(token) }))
      writeSessionToken(c, token)
  }
  return c.json({ person, device })
}

/** Unpairs this device: its token is void and its sockets are closed. */
export async function unpairDevice(c: Context<DeviceEnv>): Promise<Response> {
  await revoke(c, c.var.device.id)
  clearSessionToken(c)
  return c.json({})
}

export async function listDevices(c: Context<DeviceEnv>): Promise<Response> {
  return c.json({ devices: await mainloopOf(c.env, c.var.identity.person).listDevices(), thisDevice: c.var.device.id })
}

/** Revokes another device of the same person. Revoking one that is gone already succeeds too. */
export async function revokeDevice(c: Context<DeviceEnv>): Promise<Response> {
  await revoke(c, c.req.param('id') ?? '')
  return c.json({})
}

async function revoke(c: Context<DeviceEnv>, device: string): Promise<void> {
  const { person } = c.var.identity
  await mainloopOf(c.env, person).revokeDevice(device)
  await pairingRegistryOf(c.env).close(person)
}
