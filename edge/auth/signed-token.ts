import type { PersonId } from './person-id.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { personId } from './person-id.ts'
import { isSigned, sign } from './signing-key.ts'

/** The routes that a token opens; it opens none of another kind. */
export type TokenKind = 'device' | 'runner' | 'mcp' | 'github' | 'setup'

/** Makes a token recognisable in a log or a commit. */
const PREFIX: Record<TokenKind, string> = { device: 'mld', runner: 'mlr', mcp: 'mlm', github: 'mlg', setup: 'mls' }

/** 256 bits. */
const RANDOM_BYTES = 32

/** Longer than any token; a longer text is refused unread. Characters. */
const MAX_LENGTH = 200

/**
 * Makes a token `<prefix>.<person>.<256 random bits>.<signature>`. It is opaque to its holder; this edge reads its
 * person without storage.
 */
export function mintToken(setupSecret: string, kind: TokenKind, person: PersonId): Promise<string> {
  const random = toBase64url(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)))
  return signed(setupSecret, `${PREFIX[kind]}.${person}.${random}`)
}

/**
 * Derives the token that follows `token`. It is the same each time, so that two tabs that renew at once, or a device
 * that missed the response, get the same one; only this edge can derive it.
 */
export async function nextToken(
  setupSecret: string,
  kind: TokenKind,
  person: PersonId,
  token: string,
): Promise<string> {
  return signed(setupSecret, `${PREFIX[kind]}.${person}.${toBase64url(await sign(setupSecret, `after ${token}`))}`)
}

/** The token that pairs a person's first device. It is the same each time, so that it can be printed again. */
export function setupToken(setupSecret: string, person: PersonId): Promise<string> {
  return signed(setupSecret, `${PREFIX.setup}.${person}.1`)
}

/**
 * The person of a token; null when this edge did not make it as one of this kind. The person's object knows whether it
 * was revoked.
 */
export async function personOf(setupSecret: string, kind: TokenKind, token: string): Promise<PersonId | null> {
  if (token.length > MAX_LENGTH)
    return null
  const [prefix, name, secret, signature, ...more] = token.split('.')
  const person = personId.safeParse(name)
  const bytes = fromBase64url(signature ?? '')
  if (prefix !== PREFIX[kind] || !person.success || !secret || !bytes || more.length > 0)
    return null
  return await isSigned(setupSecret, `${prefix}.${person.data}.${secret}`, bytes) ? person.data : null
}

async function signed(setupSecret: string, text: string): Promise<string> {
  return `${text}.${toBase64url(await sign(setupSecret, text))}`
}
