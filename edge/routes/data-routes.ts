import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import * as z from 'zod'
import { clearSessionToken } from '../auth/session-cookie.ts'
import { filesOf, mainloopOf, pairingRegistryOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { logFailure } from '../http/log-failure.ts'
import { parseBody } from '../http/parse-body.ts'
import { ERASED } from '../members/erase.ts'

const exportFormat = z.enum(['json', 'markdown'])
const eraseBody = z.object({ everything: z.literal(true) })

/** Sends all of the person's data as a file. */
export async function exportData(c: Context<DeviceEnv>): Promise<Response> {
  const format = exportFormat.safeParse(c.req.query('format') ?? 'json')
  if (!format.success)
    throw new EdgeError('bad-request', 'Ask for format=json or format=markdown.')
  const file = format.data === 'json' ? 'mainloop.json' : 'mainloop.md'
  const body = await mainloopOf(c.env, c.var.identity.person).exportData(format.data)
  // The type is one that no browser shows or runs.
  return new Response(body, {
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename="${file}"` },
  })
}

/** Deletes the person's object with everything in it; no device is known there any more, not even this one. */
export async function eraseData(c: Context<DeviceEnv>): Promise<Response> {
  await parseBody(c, eraseBody)
  const { person } = c.var.identity
  try {
    await mainloopOf(c.env, person).erase()
  }
  catch (error) {
    if (!(error instanceof Error && error.message.includes(ERASED)))
      throw error
  }
  clearSessionToken(c)
  await pairingRegistryOf(c.env).close(person)
  // Removes files that came meanwhile; an upload whose message is gone removes its own file.
  // No device is left that could repeat the request, so a failure is only logged.
  await filesOf(c.env, person)
    .removeAll()
    .catch(error => logFailure('removing files that came while everything was erased', error))
  return c.json({})
}
