import type { Context } from 'hono'
import type { AttachmentId } from '#shared/model/attachment.ts'
import type { FilePlace } from '../attachments/message-files.ts'
import type { DeviceEnv } from './guard.ts'
import * as z from 'zod'
import { unreachable } from '#shared/lib/unreachable.ts'
import { attachmentId } from '#shared/model/attachment.ts'
import { validateFile } from '../attachments/validate-file.ts'
import { filesOf, mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'

const place = z.object({ id: attachmentId, message: z.coerce.number().int().positive() })

/**
 * Stores a file that a stored message has announced; sending it again is harmless. The message comes first, so that
 * there is never a file without one. A crash in between leaves the file announced, and the device sends it again.
 */
export async function putAttachment(c: Context<DeviceEnv>): Promise<Response> {
  const at = readPlace(c)
  const { person } = c.var.identity
  const object = mainloopOf(c.env, person)
  const announced = await object.messageFile(at)
  if (!announced)
    throw notAnnounced()
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const validation = await validateFile(bytes, announced)
  switch (validation.do) {
    case 'ask-again':
      throw new EdgeError('bad-request', validation.why)
    case 'refuse':
      await object.markFile(at, 'refused')
      throw new EdgeError('unfit-file', validation.why)
    case 'keep': {
      const files = filesOf(c.env, person)
      await files.write(at.id, bytes)
      if (await object.markFile(at, 'here'))
        return c.json({})
      // The message is gone because everything was erased meanwhile.
      await files.remove(at.id)
      throw notAnnounced()
    }
    default: return unreachable(validation)
  }
}

/** Sends a file under a type that no browser shows or runs; the page knows the real type from the message. */
export async function getAttachment(c: Context<DeviceEnv>): Promise<Response> {
  const bytes = await filesOf(c.env, c.var.identity.person).read(readId(c))
  if (!bytes)
    throw new EdgeError('not-found', 'This file is not here.')
  return new Response(bytes, {
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment' },
  })
}

function readPlace(c: Context): FilePlace {
  const read = place.safeParse({ id: c.req.param('id'), message: c.req.query('message') })
  if (!read.success) {
    throw new EdgeError(
      'bad-request',
      'Say which file it is, by the SHA-256 of its bytes, and the place of the message it belongs to.',
    )
  }
  return read.data
}

function readId(c: Context): AttachmentId {
  const id = attachmentId.safeParse(c.req.param('id'))
  if (!id.success)
    throw new EdgeError('bad-request', 'Ask for a file by the SHA-256 of its bytes.')
  return id.data
}

function notAnnounced(): EdgeError {
  return new EdgeError('not-found', 'No message has announced this file.')
}
