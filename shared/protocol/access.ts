import * as z from 'zod'
import { printable } from '../text/printable.ts'

/** Devices, tokens and pairing over HTTP, for the page and the runner's commands. Times are ms since the epoch. */
export const deviceName = z
  .string()
  .overwrite(printable)
  .trim()
  .min(1, 'Give the device a name.')
  .max(100, 'A device\'s name can have 100 characters at most.')

export const deviceView = z.object({ id: z.string(), name: z.string(), createdAt: z.number(), seenAt: z.number() })
export type DeviceView = z.infer<typeof deviceView>
export const deviceList = z.object({ devices: z.array(deviceView), thisDevice: z.string() })

export const sessionView = z.object({ person: z.string(), device: deviceView })

/**
 * The rights of an MCP client. `read`: reading. `write`: proposing tasks, keeping notes, and
 * requests that the person approves. `act`: the same actions without an approval.
 */
export const mcpScope = z.enum(['read', 'write', 'act'])
export type McpScope = z.infer<typeof mcpScope>

/** The holder of the token. `github`: a webhook; the token is part of its address, and a secret signs deliveries. */
export const tokenKind = z.enum(['runner', 'mcp', 'github'])

export const newToken = z
  .object({
    kind: tokenKind,
    name: z
      .string()
      .overwrite(printable)
      .trim()
      .min(1, 'Give the token a name.')
      .max(100, 'A token\'s name can have 100 characters at most.'),
    scopes: z.array(mcpScope).max(3).default([]),
    /** null: until it is revoked. */
    days: z.number().int().min(1).max(3650).nullable().default(null),
  })
  .refine(
    ({ kind, scopes }) => (kind === 'mcp') === (scopes.length > 0),
    'A token for MCP clients needs what it may do; others have no such choice.',
  )
export type NewToken = z.infer<typeof newToken>

export const tokenView = z.object({
  id: z.string(),
  kind: tokenKind,
  name: z.string(),
  scopes: z.array(mcpScope),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  seenAt: z.number().nullable(),
})
export type TokenView = z.infer<typeof tokenView>
export const tokenList = z.object({ tokens: z.array(tokenView) })
/** The only response with the token itself. `secret`: GitHub signs a webhook's deliveries with it. */
export const tokenMade = z.object({ token: z.string(), view: tokenView, secret: z.string().nullable() })

/** The path of a webhook for GitHub's deliveries. */
export function webhookPath(token: string): string {
  return `/github/webhook/${token}`
}

/** An open invitation: `code` is for a link or a QR code, `short` can be typed. */
export const pairingOffer = z.object({ id: z.string(), code: z.string(), short: z.string(), expiresAt: z.number() })
export type PairingOffer = z.infer<typeof pairingOffer>

/** The state of a pairing for the inviting side. */
export const pairingView = z.discriminatedUnion('state', [
  z.object({ state: z.literal('open') }),
  z.object({ state: z.literal('claimed'), name: z.string(), phrase: z.string() }),
  /** The person accepted; the device has not finished yet. */
  z.object({ state: z.literal('accepted') }),
  z.object({ state: z.literal('over') }),
])
export type PairingView = z.infer<typeof pairingView>

export const pairingAnswer = z.object({ accept: z.boolean() })

/** From a new device with a code. */
export const pairingClaim = z.object({ code: z.string().trim().min(1, 'Enter the code.').max(200), name: deviceName })
export const pairingClaimed = z.object({ claim: z.string(), phrase: z.string() })
export const pairingFinish = z.object({ claim: z.string().min(1).max(200) })
export const pairingFinished = z.object({ state: z.enum(['waiting', 'paired']) })
